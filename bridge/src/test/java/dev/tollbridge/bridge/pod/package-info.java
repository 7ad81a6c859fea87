/// Tests of what pods use against a real bridge: as processes of their own, and for hours by a time
/// of the test's.
@NullMarked
package dev.tollbridge.bridge.pod;

import org.jspecify.annotations.NullMarked;
