/// What a Secret or ConfigMap holds, as the contents that the detectors judge.
///
/// Called by `admission` and the sweep. Must not know modes, answers or the cluster.
@NullMarked
package dev.tollbridge.webhook.stored;

import org.jspecify.annotations.NullMarked;
