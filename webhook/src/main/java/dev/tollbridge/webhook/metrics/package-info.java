/// The webhook's figures, for Prometheus.
///
/// Called by the wiring. Must not know what a figure means to anybody.
@NullMarked
package dev.tollbridge.webhook.metrics;

import org.jspecify.annotations.NullMarked;
