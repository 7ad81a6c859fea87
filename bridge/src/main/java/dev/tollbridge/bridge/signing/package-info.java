/// The bridge's own keys: made on first start, staged, published, used, retired, revoked.
///
/// Called by minters and by the discovery documents. Private keys never leave this package.
@NullMarked
package dev.tollbridge.bridge.signing;

import org.jspecify.annotations.NullMarked;
