/// The `tollbridge` command line: one class per command.
///
/// Words for people on stderr, results on stdout, the exit codes of INTERFACE 1. Must not hold
/// logic that a door needs too.
@NullMarked
package dev.tollbridge.bridge.cli;

import org.jspecify.annotations.NullMarked;
