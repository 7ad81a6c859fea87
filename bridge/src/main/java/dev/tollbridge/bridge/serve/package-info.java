/// The wiring: {@link dev.tollbridge.bridge.serve.Bridge} makes every part, once, in order, and
/// reads as the table of contents of everything else.
///
/// Called by the command line only. The one package that may know all others; it decides nothing.
@NullMarked
package dev.tollbridge.bridge.serve;

import org.jspecify.annotations.NullMarked;
