/// What the bridge shows to clouds: short-lived tokens of its second issuer.
///
/// Used by minters whose provider trusts the bridge as an OIDC issuer. No token made here ever
/// reaches a caller.
@NullMarked
package dev.tollbridge.bridge.mint.federation;

import org.jspecify.annotations.NullMarked;
