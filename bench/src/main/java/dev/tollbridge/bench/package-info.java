/// The benchmark: what the bridge does in a second, beside a loop that only verifies and signs.
///
/// Starts the product as its users do and speaks HTTP to it; knows nothing of its insides. The
/// parts of an exchange one by one are in `dev.tollbridge.bench.parts`.
@NullMarked
package dev.tollbridge.bench;

import org.jspecify.annotations.NullMarked;
