/// What a pod that asks for targets is given: a projected token, the environment its SDK needs, and
/// a sidecar where there is no other way.
///
/// Called by `admission`. Computes the pod as it should be; one differ makes the patch. Must not
/// know the cluster, and takes from the pod's metadata nothing but names of targets.
@NullMarked
package dev.tollbridge.webhook.inject;

import org.jspecify.annotations.NullMarked;
