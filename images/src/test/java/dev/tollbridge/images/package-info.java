@NullMarked
package dev.tollbridge.images;

import org.jspecify.annotations.NullMarked;
