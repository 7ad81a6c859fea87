/// Benchmarks of the detector engine's insides, which nobody else is to see.
@NullMarked
package dev.tollbridge.webhook.detect.engine;

import org.jspecify.annotations.NullMarked;
