/// Access tokens that the bridge signs itself (RFC 9068).
///
/// The only minter that needs no other party. Must not know other kinds of target.
@NullMarked
package dev.tollbridge.bridge.mint.jwt;

import org.jspecify.annotations.NullMarked;
