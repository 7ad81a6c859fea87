/// The bridge: entry point and wiring. {@link dev.tollbridge.bridge.Bridge} reads as the table of
/// contents of everything else; nothing imports this package.
@NullMarked
package dev.tollbridge.bridge;

import org.jspecify.annotations.NullMarked;
