/// What tests of several packages share: an issuer served over https, clocks, tokens.
@NullMarked
package dev.tollbridge.bridge.testing;

import org.jspecify.annotations.NullMarked;
