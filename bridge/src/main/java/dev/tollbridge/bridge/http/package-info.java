/// The front doors: HTTP in, one call of the exchange, HTTP out. Holds every HTTP word of the
/// bridge.
///
/// Decides nothing. Blocks no event loop.
@NullMarked
package dev.tollbridge.bridge.http;

import org.jspecify.annotations.NullMarked;
