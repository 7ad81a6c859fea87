package dev.tollbridge.webhook.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.pod.Reach.Literal;
import dev.tollbridge.webhook.pod.Reach.Opaque;
import dev.tollbridge.webhook.pod.Reach.Reference;
import dev.tollbridge.webhook.stored.StoredKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The one walk over a pod. Never throws, whatever the pod looks like: what has another form than
/// it should is something that cannot be looked into.
public final class PodWalk {

    /// The lists of containers that are known.
    public static final List<String> CONTAINER_LISTS =
            List.of("containers", "initContainers", "ephemeralContainers");

    private final List<Reach> found = new ArrayList<>();

    private PodWalk() {}

    /// Everything that reaches a container of the pod.
    ///
    /// @param pod a pod, or a template of one
    /// @param at the path of the pod in its object: empty for a pod itself, else ending in a dot
    public static List<Reach> of(JsonNode pod, String at) {
        PodWalk walk = new PodWalk();
        walk.described(pod.path("metadata").path("annotations"), at + "metadata.annotations");
        walk.described(pod.path("metadata").path("labels"), at + "metadata.labels");
        walk.spec(pod.path("spec"), at + "spec");
        return List.copyOf(walk.found);
    }

    /// Annotations and labels reach a container through the downward API, and whoever may read the
    /// pod without it.
    private void described(JsonNode map, String at) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            literal(at + "[" + entry.getKey() + "]", entry.getKey(), entry.getValue().asText());
        }
    }

    private void spec(JsonNode spec, String at) {
        for (Map.Entry<String, JsonNode> member : spec.properties()) {
            String name = member.getKey();
            String path = at + "." + name;
            JsonNode value = member.getValue();
            switch (name) {
                case "containers", "initContainers", "ephemeralContainers" ->
                        elements(value, path, this::container);
                case "volumes" -> elements(value, path, this::volume);
                case "imagePullSecrets" -> elements(value, path, this::pullSecret);
                default -> {
                    if (looksLikeContainers(value)) {
                        found.add(new Opaque(path, "a list of containers of an unknown kind"));
                        elements(value, path, this::container);
                    }
                }
            }
        }
    }

    /// A fourth list of containers, in some later version of Kubernetes.
    private static boolean looksLikeContainers(JsonNode value) {
        if (!value.isArray()) {
            return false;
        }
        for (JsonNode element : value) {
            if (element.has("image") || element.has("env") || element.has("envFrom")) {
                return true;
            }
        }
        return false;
    }

    private interface Walker {
        void walk(JsonNode element, String at);
    }

    private void elements(JsonNode list, String at, Walker walker) {
        if (list.isMissingNode() || list.isNull()) {
            return;
        }
        if (!list.isArray()) {
            found.add(new Opaque(at, "no list"));
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            walker.walk(list.get(i), at + "[" + i + "]");
        }
    }

    private void container(JsonNode container, String at) {
        Expansion expansion = new Expansion();
        elements(container.path("envFrom"), at + ".envFrom", this::environmentSource);
        elements(
                container.path("env"),
                at + ".env",
                (variable, path) -> variable(variable, path, expansion));
        List<String> words = words(container.path("command"), expansion);
        words.addAll(words(container.path("args"), expansion));
        process("command", words, at + ".command");
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            handler(probe, container.path(probe), at + "." + probe);
        }
        for (Map.Entry<String, JsonNode> hook : container.path("lifecycle").properties()) {
            String field = "lifecycle." + hook.getKey();
            handler(field, hook.getValue(), at + "." + field);
        }
        if (expansion.overflown()) {
            found.add(new Opaque(at + ".env", "variables that expand beyond the bound"));
        }
    }

    private void environmentSource(JsonNode source, String at) {
        for (Map.Entry<String, JsonNode> member : source.properties()) {
            switch (member.getKey()) {
                case "prefix" -> {}
                case "secretRef" ->
                        reference(at + ".secretRef", StoredKind.SECRET, member.getValue(), "name");
                case "configMapRef" ->
                        reference(
                                at + ".configMapRef",
                                StoredKind.CONFIG_MAP,
                                member.getValue(),
                                "name");
                default ->
                        found.add(
                                new Opaque(
                                        at + "." + member.getKey(),
                                        "variables of an unknown source"));
            }
        }
    }

    private void variable(JsonNode variable, String at, Expansion expansion) {
        String name = variable.path("name").asText();
        JsonNode value = variable.path("value");
        if (!value.isMissingNode() && !value.isNull()) {
            String written = value.asText();
            String seen = expansion.expand(written);
            expansion.define(name, seen);
            found.add(new Literal(at + ".value", Content.env(name, seen)));
        }
        for (Map.Entry<String, JsonNode> source : variable.path("valueFrom").properties()) {
            String path = at + ".valueFrom." + source.getKey();
            switch (source.getKey()) {
                case "secretKeyRef" -> key(path, StoredKind.SECRET, source.getValue());
                case "configMapKeyRef" -> key(path, StoredKind.CONFIG_MAP, source.getValue());
                default -> {
                    if (!VariableKinds.HARMLESS.contains(source.getKey())) {
                        found.add(new Opaque(path, "a variable of an unknown source"));
                    }
                }
            }
        }
    }

    private void key(String at, StoredKind kind, JsonNode reference) {
        found.add(
                new Reference(
                        at,
                        kind,
                        reference.path("name").asText(),
                        Set.of(reference.path("key").asText()),
                        reference.path("optional").asBoolean(false)));
    }

    private void reference(String at, StoredKind kind, JsonNode reference, String nameField) {
        String name = reference.path(nameField).asText();
        if (name.isEmpty()) {
            return;
        }
        found.add(
                new Reference(
                        at, kind, name, Set.of(), reference.path("optional").asBoolean(false)));
    }

    private static List<String> words(JsonNode list, Expansion expansion) {
        List<String> words = new ArrayList<>();
        for (JsonNode word : list) {
            words.add(expansion.expand(word.asText()));
        }
        return words;
    }

    private void process(String field, List<String> words, String at) {
        if (words.isEmpty()) {
            return;
        }
        found.add(new Literal(at, Content.command(field, words)));
        // A login pasted into an argument is a value as well as a part of a command.
        for (int i = 0; i < words.size(); i++) {
            literal(at + " (word " + (i + 1) + ")", field, words.get(i));
        }
    }

    private void handler(String field, JsonNode handler, String at) {
        List<String> words = words(handler.path("exec").path("command"), new Expansion());
        process(field + ".exec.command", words, at + ".exec.command");
        JsonNode get = handler.path("httpGet");
        elements(
                get.path("httpHeaders"),
                at + ".httpGet.httpHeaders",
                (header, path) ->
                        literal(
                                path + ".value",
                                header.path("name").asText(),
                                header.path("value").asText()));
        literal(at + ".httpGet.path", "path", get.path("path").asText());
    }

    private void literal(String at, String name, String text) {
        if (!text.isEmpty()) {
            found.add(new Literal(at, Content.key(name, text.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private void pullSecret(JsonNode reference, String at) {
        reference(at, StoredKind.SECRET, reference, "name");
    }

    private void volume(JsonNode volume, String at) {
        for (Map.Entry<String, JsonNode> member : volume.properties()) {
            String kind = member.getKey();
            if (!kind.equals("name") && !member.getValue().isNull()) {
                volume(kind, member.getValue(), at + "." + kind);
            }
        }
    }

    private void volume(String kind, JsonNode source, String at) {
        switch (kind) {
            case "secret" -> mounted(StoredKind.SECRET, source, "secretName", at);
            case "configMap" -> mounted(StoredKind.CONFIG_MAP, source, "name", at);
            case "projected" -> elements(source.path("sources"), at + ".sources", this::projection);
            case "hostPath" -> hostPath(source.path("path").asText(), at);
            default -> otherVolume(kind, source, at);
        }
    }

    private void mounted(StoredKind kind, JsonNode source, String nameField, String at) {
        String name = source.path(nameField).asText();
        if (name.isEmpty()) {
            found.add(new Opaque(at, "a " + kind.written() + " without a name"));
            return;
        }
        Set<String> keys = new java.util.HashSet<>();
        for (JsonNode item : source.path("items")) {
            keys.add(item.path("key").asText());
        }
        found.add(new Reference(at, kind, name, keys, source.path("optional").asBoolean(false)));
    }

    private void projection(JsonNode projection, String at) {
        for (Map.Entry<String, JsonNode> member : projection.properties()) {
            String kind = member.getKey();
            String path = at + "." + kind;
            if (member.getValue().isNull() || VolumeKinds.HARMLESS_PROJECTIONS.contains(kind)) {
                continue;
            }
            switch (kind) {
                case "secret" -> mounted(StoredKind.SECRET, member.getValue(), "name", path);
                case "configMap" -> mounted(StoredKind.CONFIG_MAP, member.getValue(), "name", path);
                default -> found.add(new Opaque(path, "a projection of an unknown kind"));
            }
        }
    }

    private void hostPath(String folder, String at) {
        found.add(new Literal(at + ".path", Content.hostPath(folder)));
        if (!HostPaths.holdsNoFilesOfPeople(folder)) {
            found.add(new Opaque(at, "a path of the node"));
        }
    }

    private void otherVolume(String kind, JsonNode source, String at) {
        for (String secret : List.of("secretRef", "nodePublishSecretRef")) {
            reference(at + "." + secret, StoredKind.SECRET, source.path(secret), "name");
        }
        reference(at + ".secretName", StoredKind.SECRET, source, "secretName");
        if (VolumeKinds.HARMLESS.contains(kind)) {
            return;
        }
        String storage = VolumeKinds.STORAGE.get(kind);
        if (storage != null && !isPopulated(kind, source)) {
            found.add(new Reach.Storage(at, storage));
            return;
        }
        String driver = source.path("driver").asText();
        if (kind.equals("csi") && VolumeKinds.WORKLOAD_IDENTITY_DRIVERS.contains(driver)) {
            return;
        }
        String words =
                storage != null
                        ? "a volume filled from elsewhere"
                        : VolumeKinds.OPAQUE.getOrDefault(kind, "a volume of an unknown kind");
        found.add(new Opaque(at, driver.isEmpty() ? words : words + " (" + driver + ")"));
    }

    /// A volume of the pod's own may be born with content.
    private static boolean isPopulated(String kind, JsonNode source) {
        JsonNode claim = source.path("volumeClaimTemplate").path("spec");
        return kind.equals("ephemeral") && (claim.has("dataSource") || claim.has("dataSourceRef"));
    }
}
