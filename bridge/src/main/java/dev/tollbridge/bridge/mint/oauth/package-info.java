/// Tokens of other authorization servers, by RFC 8693 or RFC 7523, with a federation token as
/// proof.
@NullMarked
package dev.tollbridge.bridge.mint.oauth;

import org.jspecify.annotations.NullMarked;
