/// Tests of what pods use, as processes of their own against a real bridge.
@NullMarked
package dev.tollbridge.bridge.pod;

import org.jspecify.annotations.NullMarked;
