package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The pieces that are put into a pod, made from a plan.
final class Parts {

    /// The longest a pod's token may live (DESIGN section 8); kubelet renews it at 80 % of that.
    private static final int TOKEN_SECONDS = 3600;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Plan plan;

    Parts(Plan plan) {
        this.plan = plan;
    }

    /// Without `defaultMode`: kubelet then gives the token to the pod's user or group where there
    /// is one, and leaves it readable where each container has a user of its own.
    ObjectNode tokenVolume() {
        ObjectNode volume = JSON.objectNode().put("name", Names.TOKEN_VOLUME);
        ArrayNode sources = volume.putObject("projected").putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("audience", plan.settings().audience())
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        if (plan.googleTarget() != null) {
            ObjectNode item =
                    sources.addObject().putObject("downwardAPI").putArray("items").addObject();
            item.put("path", Names.GOOGLE_FILE);
            item.putObject("fieldRef")
                    .put("fieldPath", "metadata.annotations['" + Names.GOOGLE_CREDENTIALS + "']");
        }
        return volume;
    }

    ObjectNode tokenMount() {
        return mount(Names.TOKEN_VOLUME, Names.TOKEN_FOLDER, true);
    }

    ObjectNode filesVolume() {
        ObjectNode volume = JSON.objectNode().put("name", Names.FILES_VOLUME);
        volume.putObject("emptyDir").put("medium", "Memory").put("sizeLimit", "8Mi");
        return volume;
    }

    ObjectNode filesMount() {
        return mount(Names.FILES_VOLUME, Names.FILES_FOLDER, true);
    }

    private static ObjectNode mount(String volume, String path, boolean readOnly) {
        ObjectNode mount = JSON.objectNode().put("name", volume).put("mountPath", path);
        return readOnly ? mount.put("readOnly", true) : mount;
    }

    static ObjectNode variable(String name, String value) {
        return JSON.objectNode().put("name", name).put("value", value);
    }

    /// A native sidecar: an init container that keeps running, so that it is there before the
    /// others and ends after them. Passes Pod Security `restricted`.
    ObjectNode sidecar(String image, JsonNode podSecurity) {
        ObjectNode container = JSON.objectNode().put("name", Names.SIDECAR).put("image", image);
        // Its health tells no secret; the kubelet asks at the pod's address.
        container
                .putArray("args")
                .add("sidecar")
                .add("--health")
                .add("0.0.0.0:" + Names.SIDECAR_HEALTH_PORT);
        ArrayNode env = container.putArray("env");
        env.add(variable("TOLLBRIDGE_URL", plan.settings().url()));
        env.add(variable("TOLLBRIDGE_TOKEN_FILE", Names.TOKEN_FILE));
        env.add(variable("TOLLBRIDGE_TARGETS", String.join(",", plan.targets().keySet())));
        env.add(variable("TOLLBRIDGE_DIR", Names.FILES_FOLDER));
        container.put("restartPolicy", "Always");
        // The others start once there are credentials; what keeps them from it is in the pod's
        // events.
        ObjectNode probe = container.putObject("startupProbe");
        probe.putObject("httpGet").put("path", "/readyz").put("port", Names.SIDECAR_HEALTH_PORT);
        probe.put("periodSeconds", 1).put("failureThreshold", 60);
        ObjectNode resources = container.putObject("resources");
        resources.putObject("requests").put("cpu", "5m").put("memory", "48Mi");
        resources.putObject("limits").put("memory", "96Mi");
        ObjectNode security = container.putObject("securityContext");
        security.put("runAsNonRoot", true);
        security.put("runAsUser", user(podSecurity));
        security.put("runAsGroup", Names.NOBODY);
        security.put("allowPrivilegeEscalation", false);
        security.put("readOnlyRootFilesystem", true);
        security.putObject("capabilities").putArray("drop").add("ALL");
        security.putObject("seccompProfile").put("type", "RuntimeDefault");
        ArrayNode mounts = container.putArray("volumeMounts");
        mounts.add(tokenMount());
        mounts.add(mount(Names.FILES_VOLUME, Names.FILES_FOLDER, false));
        return container;
    }

    private static long user(JsonNode podSecurity) {
        long user = podSecurity.path("runAsUser").asLong(0);
        return user > 0 ? user : Names.NOBODY;
    }

    /// What Google's libraries read (`external_account`, AIP-4117), pointing at the bridge.
    @Nullable String googleCredentials() {
        if (plan.googleTarget() == null) {
            return null;
        }
        ObjectNode file = JSON.objectNode();
        file.put("type", "external_account");
        file.put("audience", plan.googleTarget());
        file.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
        file.put("token_url", plan.settings().url() + "/token");
        file.putObject("credential_source").put("file", Names.TOKEN_FILE);
        return file.toString();
    }

    /// Changes whenever something else would be injected.
    String mark() {
        String all =
                String.join(
                        "\n",
                        plan.settings().url(),
                        plan.settings().audience(),
                        String.valueOf(plan.sidecar()),
                        String.join(",", plan.targets().keySet()),
                        String.join(",", plan.skipped()));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(all.getBytes(StandardCharsets.UTF_8));
            return "v1-" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
