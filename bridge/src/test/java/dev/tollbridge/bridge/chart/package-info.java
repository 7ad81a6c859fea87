/// The Helm chart, rendered and installed by the real Helm.
@NullMarked
package dev.tollbridge.bridge.chart;

import org.jspecify.annotations.NullMarked;
