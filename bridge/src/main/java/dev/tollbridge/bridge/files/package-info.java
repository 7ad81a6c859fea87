/// Files of the bridge's own.
@NullMarked
package dev.tollbridge.bridge.files;

import org.jspecify.annotations.NullMarked;
