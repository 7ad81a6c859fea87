/// Which pods that asked for injection and missed it are evicted, so that they are made again.
///
/// Called by the wiring, for each pod that a sweep finds so. Decides, and does nothing. Must not
/// know the cluster.
@NullMarked
package dev.tollbridge.webhook.repair;

import org.jspecify.annotations.NullMarked;
