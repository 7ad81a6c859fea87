/// What the bridge counts and measures, in Prometheus' words.
///
/// Called by the doors and by the wiring, which hands its methods to whoever has something to
/// count. Must not know what is counted: labels are closed lists and names of documents, never a
/// subject.
@NullMarked
package dev.tollbridge.bridge.metrics;

import org.jspecify.annotations.NullMarked;
