/// Tests of the agent without a bridge; with one, they are in the bridge's module.
@NullMarked
package dev.tollbridge.sidecar;

import org.jspecify.annotations.NullMarked;
