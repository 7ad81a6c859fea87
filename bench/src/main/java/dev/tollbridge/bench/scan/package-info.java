/// Scanning a mixed tree, beside another scanner on the same tree; the webhook under load.
///
/// Starts the product as its users do; knows nothing of its insides.
@NullMarked
package dev.tollbridge.bench.scan;

import org.jspecify.annotations.NullMarked;
