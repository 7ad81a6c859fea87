@NullMarked
package dev.tollbridge.bench;

import org.jspecify.annotations.NullMarked;
