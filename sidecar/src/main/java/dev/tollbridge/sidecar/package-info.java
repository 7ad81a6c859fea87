/// The in-pod agent: shows the pod's token to the bridge, hands credentials to tools that need a
/// file or a local endpoint, gets the next ones before they end, and ends them when the pod does.
///
/// JDK only; shares no code with the bridge. Knows nothing of policy: what it may have is what the
/// bridge gives it.
@NullMarked
package dev.tollbridge.sidecar;

import org.jspecify.annotations.NullMarked;
