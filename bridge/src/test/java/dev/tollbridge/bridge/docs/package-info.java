/// The documentation, held to what the product does.
@NullMarked
package dev.tollbridge.bridge.docs;

import org.jspecify.annotations.NullMarked;
