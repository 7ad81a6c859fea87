package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must hold of a Kubernetes service-account token besides its signature (DESIGN 14, rule 9).
/// The claims are those of `k8s.io/kubernetes/pkg/serviceaccount/claims.go`.
final class KubernetesClaims {

    private KubernetesClaims() {}

    /// @param requirePod whether the token must be bound to a pod, so that it dies with it
    /// @throws Refusal `claim_malformed`
    static void check(Claims claims, boolean requirePod) {
        if (!(claims.get("kubernetes.io") instanceof Map<?, ?> kubernetes)) {
            throw malformed("no object `kubernetes.io`");
        }
        String namespace = text(kubernetes, "namespace");
        if (!(kubernetes.get("serviceaccount") instanceof Map<?, ?> account)) {
            throw malformed("no object `serviceaccount` in `kubernetes.io`");
        }
        String name = text(account, "name");
        text(account, "uid");
        if (!("system:serviceaccount:" + namespace + ":" + name).equals(claims.string("sub"))) {
            throw malformed("`sub` does not agree with `kubernetes.io`");
        }
        if (kubernetes.containsKey("warnafter")) {
            // Stretched to a year for the API server's own use (KEP 1205).
            throw malformed("a token with `warnafter` is meant for the API server");
        }
        @Nullable Object pod = kubernetes.get("pod");
        if (pod instanceof Map<?, ?> bound) {
            text(bound, "name");
            text(bound, "uid");
        } else if (pod != null || requirePod) {
            throw malformed("not bound to a pod");
        }
    }

    private static String text(Map<?, ?> object, String member) {
        if (object.get(member) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw malformed("`" + member + "` in `kubernetes.io` is not a non-empty string");
    }

    private static Refusal malformed(String rule) {
        return new Refusal(RefusalReason.CLAIM_MALFORMED, rule);
    }
}
