/// The demonstration: every part of the story, for real, on one machine, with issuers that live as
/// long as it does.
///
/// Called by the command line only. Uses the bridge as a stranger would, over HTTP; starts it
/// through the wiring.
@NullMarked
package dev.tollbridge.bridge.demo;

import org.jspecify.annotations.NullMarked;
