/// Reads the data files that are part of this build: presets of issuers, and of services that take
/// the bridge's tokens.
///
/// Used by `issuer` and `target`. Knows nobody.
@NullMarked
package dev.tollbridge.bridge.shipped;

import org.jspecify.annotations.NullMarked;
