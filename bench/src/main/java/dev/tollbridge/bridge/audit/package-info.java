/// Measures what only the bridge's own package of this name can see.
@NullMarked
package dev.tollbridge.bridge.audit;

import org.jspecify.annotations.NullMarked;
