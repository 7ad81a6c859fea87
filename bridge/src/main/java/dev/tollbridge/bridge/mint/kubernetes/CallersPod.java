package dev.tollbridge.bridge.mint.kubernetes;

import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.policy.Decision;
import io.fabric8.kubernetes.api.model.authentication.BoundObjectReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pod that the caller proved to run in, for a token that ends with it.
///
/// That the pod is of the target's own cluster follows from its uid: an API server binds a token
/// only to a pod that it has under this name and uid, and that runs as this service account.
final class CallersPod {

    private CallersPod() {}

    /// @throws MintFailure `target_refused` when the subject token names no such pod
    static BoundObjectReference of(Decision decision, Kubernetes target) throws MintFailure {
        Object claim = decision.identity().token().claims().get("kubernetes.io");
        if (!(claim instanceof Map<?, ?> kubernetes)
                || !(kubernetes.get("pod") instanceof Map<?, ?> pod)) {
            throw MintFailure.refused(
                    "bindTo: pod needs the token of a pod; the subject token names none");
        }
        String name = text(pod.get("name"));
        String uid = text(pod.get("uid"));
        if (name == null || uid == null) {
            throw MintFailure.refused(
                    "bindTo: pod needs the pod's name and uid; the subject token has them not");
        }
        Object account =
                kubernetes.get("serviceaccount") instanceof Map<?, ?> named
                        ? named.get("name")
                        : null;
        if (!target.namespace().equals(kubernetes.get("namespace"))
                || !target.serviceAccount().equals(account)) {
            throw MintFailure.refused(
                    "bindTo: pod binds to pods that run as the target's own service account "
                            + target.namespace()
                            + "/"
                            + target.serviceAccount()
                            + "; the caller's runs as another");
        }
        return new BoundObjectReference("v1", "Pod", name, uid);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() && text.length() <= 253
                ? text
                : null;
    }
}
