/// The entry point of the `tollbridge` process. Nothing imports this package.
@NullMarked
package dev.tollbridge.bridge;

import org.jspecify.annotations.NullMarked;
