package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees to it that the pieces are in the pod. What is there as it should be is left; what is there
/// under the same name and otherwise is refused: a pod does not set what it is to be given. So
/// doing it twice is doing it once, and the same steps tell whether a pod still has what it was
/// given.
final class PodEdit {

    /// Of a sidecar that is there already: with any of these it would run something else.
    private static final Set<String> NOT_IN_SIDECAR =
            Set.of("command", "envFrom", "lifecycle", "workingDir");

    private final ObjectNode pod;
    private final ObjectNode spec;
    private final Plan plan;
    private final Parts parts;

    PodEdit(ObjectNode pod, Plan plan) {
        this.pod = pod;
        this.spec = object(pod, "spec");
        this.plan = plan;
        this.parts = new Parts(plan);
    }

    /// Volumes, mounts, variables and annotations.
    void containers() {
        volume(parts.tokenVolume());
        if (plan.sidecar() != null) {
            volume(parts.filesVolume());
            group();
        }
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode each : spec.path(list)) {
                if (each instanceof ObjectNode container && takesPart(container)) {
                    container(container);
                }
            }
        }
        ObjectNode annotations = object(object(pod, "metadata"), "annotations");
        String google = parts.googleCredentials();
        if (google != null) {
            annotation(annotations, Names.GOOGLE_CREDENTIALS, google);
        }
        annotations.put(Names.MARK, parts.mark());
    }

    private boolean takesPart(ObjectNode container) {
        String name = container.path("name").asText();
        return !name.equals(Names.SIDECAR) && !plan.skipped().contains(name);
    }

    /// The first of the init containers, so that those after it can use it.
    void sidecar() {
        String image = plan.sidecar();
        if (image == null) {
            return;
        }
        ObjectNode expected = parts.sidecar(image, spec.path("securityContext"));
        JsonNode present = named(spec.path("initContainers"), Names.SIDECAR);
        if (present == null) {
            array(spec, "initContainers").insert(0, expected);
            return;
        }
        boolean other =
                !Covers.covers(present, expected)
                        || NOT_IN_SIDECAR.stream().anyMatch(present::hasNonNull);
        if (other) {
            throw conflict("its container " + Names.SIDECAR);
        }
    }

    /// Files of the sidecar are for its group; the others become members.
    private void group() {
        ArrayNode groups = array(object(spec, "securityContext"), "supplementalGroups");
        for (JsonNode group : groups) {
            if (group.asLong() == Names.NOBODY) {
                return;
            }
        }
        groups.add(Names.NOBODY);
    }

    private void volume(ObjectNode expected) {
        ArrayNode volumes = array(spec, "volumes");
        String name = expected.path("name").asText();
        JsonNode present = named(volumes, name);
        if (present == null) {
            volumes.add(expected);
        } else if (!Covers.covers(present, expected)) {
            throw conflict("its volume " + name);
        }
    }

    private void container(ObjectNode container) {
        String name = container.path("name").asText();
        mount(container, name, parts.tokenMount());
        if (plan.sidecar() != null) {
            mount(container, name, parts.filesMount());
        }
        for (Map.Entry<String, String> variable : plan.environment().entrySet()) {
            variable(container, name, variable.getKey(), variable.getValue());
        }
    }

    private void mount(ObjectNode container, String name, ObjectNode expected) {
        ArrayNode mounts = array(container, "volumeMounts");
        for (JsonNode mount : mounts) {
            String path = mount.path("mountPath").asText();
            boolean sameVolume = mount.path("name").equals(expected.path("name"));
            boolean asExpected =
                    Covers.covers(mount, expected)
                            && !mount.hasNonNull("subPath")
                            && !mount.hasNonNull("subPathExpr");
            if (asExpected) {
                return;
            }
            // A subPath never sees a renewed token.
            if (sameVolume || path.equals(expected.path("mountPath").asText())) {
                throw conflict("container " + name + " mounts " + path);
            }
        }
        mounts.add(expected);
    }

    private void variable(ObjectNode container, String name, String variable, String value) {
        ArrayNode env = array(container, "env");
        JsonNode present = named(env, variable);
        if (present == null) {
            env.add(Parts.variable(variable, value));
        } else if (!value.equals(present.path("value").asText()) || present.has("valueFrom")) {
            throw conflict("container " + name + " sets " + variable);
        }
    }

    private static void annotation(ObjectNode annotations, String name, String value) {
        JsonNode present = annotations.path(name);
        if (!present.isMissingNode() && !value.equals(present.asText())) {
            throw conflict("its annotation " + name);
        }
        annotations.put(name, value);
    }

    private static InjectionRefused conflict(String what) {
        return new InjectionRefused(
                what
                        + " itself, or otherwise than injected; what is injected is not a pod's to set");
    }

    private static @Nullable JsonNode named(JsonNode list, String name) {
        for (JsonNode element : list) {
            if (element.path("name").asText().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static ObjectNode object(ObjectNode parent, String field) {
        JsonNode present = parent.path(field);
        if (present.isMissingNode() || present.isNull()) {
            return parent.putObject(field);
        }
        if (present instanceof ObjectNode object) {
            return object;
        }
        throw new InjectionRefused(field + " is not what it should be");
    }

    private static ArrayNode array(ObjectNode parent, String field) {
        JsonNode present = parent.path(field);
        if (present.isMissingNode() || present.isNull()) {
            return parent.putArray(field);
        }
        if (present instanceof ArrayNode array) {
            return array;
        }
        throw new InjectionRefused(field + " is not what it should be");
    }
}
