package dev.tollbridge.webhook.review;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// What the API server asks about, as it says it (admission.k8s.io/v1). Objects are raw JSON, a
/// missing node where there is none.
///
/// @param uid of this request; the answer carries it back
/// @param group API group of the object; empty for the core group
/// @param kind of the object, such as `Pod`
/// @param subResource such as `ephemeralcontainers`; empty for the object itself
/// @param name of the object; empty where the API server still has to make one up
/// @param user who asks, as authenticated by the API server
/// @param userInfo all that it says about who asks
/// @param dryRun whether nothing will be stored whatever the answer, so that nothing may be
///   remembered
public record AdmissionRequest(
        String uid,
        String group,
        String kind,
        String subResource,
        Operation operation,
        String namespace,
        String name,
        String user,
        Set<String> groups,
        JsonNode userInfo,
        JsonNode object,
        JsonNode oldObject,
        boolean dryRun) {

    public AdmissionRequest {
        groups = Set.copyOf(groups);
    }

    public boolean isA(String wantedGroup, String wantedKind) {
        return group.equals(wantedGroup) && kind.equals(wantedKind);
    }

    public boolean isPod() {
        return isA("", "Pod");
    }

    /// Whether a node's own kubelet asks. Everybody else who calls their pod a mirror pod is
    /// judged.
    public boolean byNode() {
        return user.startsWith("system:node:") && groups.contains("system:nodes");
    }

    /// Never the objects: they may hold credentials.
    @Override
    public String toString() {
        return operation + " " + kind + " " + namespace + "/" + name + " (" + uid + ")";
    }
}
