package dev.tollbridge.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.testing.Yaml;
import io.fabric8.zjsonpatch.JsonPatch;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// 200 pods such as people have, with fields that nobody here has heard of: injection adds what it
/// should and changes nothing else.
class RoundTripTest {

    private static final List<String> ADDED_VOLUMES =
            List.of(Names.TOKEN_VOLUME, Names.FILES_VOLUME);

    private final Random random = new Random(20261121);

    private final Injector injector =
            new Injector(
                    new InjectSettings(
                            "https://bridge.acme.example",
                            "https://bridge.acme.example",
                            "registry.example/tollbridge@sha256:0123",
                            Map.of(
                                    "internal-api",
                                    "jwt",
                                    "aws-deploy",
                                    "aws",
                                    "bucket",
                                    "google")));

    @Test
    void whatWasThereIsThereAsItWas() {
        for (int i = 0; i < 200; i++) {
            ObjectNode pod = pod(i);
            ObjectNode untouched = pod.deepCopy();

            Injection.Done done = (Injection.Done) injector.inject(pod);

            assertThat(pod).as("the pod that was shown").isEqualTo(untouched);
            JsonNode after = JsonPatch.apply(done.patch(), pod);
            assertThat(after).isEqualTo(done.pod());
            assertThat(without(after.deepCopy(), untouched)).isEqualTo(untouched);
        }
    }

    /// Takes out what injection may add, and nothing else.
    private static ObjectNode without(ObjectNode after, ObjectNode before) {
        ObjectNode annotations = (ObjectNode) after.at("/metadata/annotations");
        annotations.remove(List.of(Names.MARK, Names.GOOGLE_CREDENTIALS));
        ObjectNode spec = (ObjectNode) after.path("spec");
        JsonNode old = before.path("spec");
        take(spec, old, "volumes", "name", ADDED_VOLUMES);
        take(spec, old, "initContainers", "name", List.of(Names.SIDECAR));
        for (String list : List.of("containers", "initContainers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                ObjectNode container = (ObjectNode) spec.path(list).get(i);
                JsonNode was = old.path(list).get(i);
                take(
                        container,
                        was,
                        "volumeMounts",
                        "mountPath",
                        List.of(Names.TOKEN_FOLDER, Names.FILES_FOLDER));
                take(
                        container,
                        was,
                        "env",
                        "name",
                        List.of(
                                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                                "GOOGLE_APPLICATION_CREDENTIALS",
                                "TOLLBRIDGE_URL",
                                "TOLLBRIDGE_TOKEN_FILE"));
            }
        }
        groups(spec, old);
        return after;
    }

    private static void groups(ObjectNode spec, JsonNode old) {
        if (!(spec.at("/securityContext/supplementalGroups") instanceof ArrayNode groups)) {
            return;
        }
        if (groups.get(groups.size() - 1).asInt() != Names.NOBODY) {
            return;
        }
        groups.remove(groups.size() - 1);
        ObjectNode security = (ObjectNode) spec.path("securityContext");
        if (!old.path("securityContext").has("supplementalGroups")) {
            security.remove("supplementalGroups");
        }
        if (!old.has("securityContext")) {
            spec.remove("securityContext");
        }
    }

    private static void take(
            ObjectNode parent, JsonNode was, String field, String key, List<String> names) {
        if (!(parent.path(field) instanceof ArrayNode list)) {
            return;
        }
        for (int i = list.size() - 1; i >= 0; i--) {
            if (names.contains(list.get(i).path(key).asText())) {
                list.remove(i);
            }
        }
        if (list.isEmpty() && !was.has(field)) {
            parent.remove(field);
        }
    }

    private ObjectNode pod(int number) {
        ObjectNode pod = Yaml.MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put(chance(3) ? "generateName" : "name", "pod-" + number);
        metadata.putObject("labels").put("app", "shop").put(Names.INJECT_LABEL, "true");
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.put("notes/\u00e4~1", "caf\u00e9 \u2603 {}");
        annotations.put(
                Names.TARGETS,
                List.of("internal-api", "aws-deploy", "bucket", "bucket,aws-deploy")
                        .get(random.nextInt(4)));
        if (chance(2)) {
            annotations.put(Names.SIDECAR_WANTED, "true");
        }
        ObjectNode spec = pod.putObject("spec");
        unknown(spec);
        if (chance(2)) {
            ObjectNode security = spec.putObject("securityContext").put("runAsUser", 1000);
            unknown(security);
            if (chance(2)) {
                security.putArray("supplementalGroups").add(4000);
            }
        }
        containers(spec.putArray("containers"), 1 + random.nextInt(3));
        if (chance(2)) {
            containers(spec.putArray("initContainers"), random.nextInt(3));
        }
        if (chance(2)) {
            ArrayNode volumes = spec.putArray("volumes");
            for (int i = 0; i < random.nextInt(4); i++) {
                ObjectNode volume = volumes.addObject().put("name", "v" + i);
                volume.putObject(List.of("emptyDir", "secret", "teleport").get(random.nextInt(3)));
                unknown(volume);
            }
        }
        return pod;
    }

    private void containers(ArrayNode list, int count) {
        for (int i = 0; i < count; i++) {
            ObjectNode container = list.addObject().put("name", "c" + i).put("image", "i");
            unknown(container);
            if (chance(2)) {
                ArrayNode env = container.putArray("env");
                env.addObject().put("name", "A").put("value", "b");
                unknown(env.addObject().put("name", "B"));
            }
            if (chance(2)) {
                unknown(
                        container
                                .putArray("volumeMounts")
                                .addObject()
                                .put("name", "v0")
                                .put("mountPath", "/data"));
            }
        }
    }

    private void unknown(ObjectNode object) {
        if (chance(2)) {
            object.put("x" + random.nextInt(100), new BigDecimal("1.50"));
            object.putNull("nothing");
            object.putArray("list").add(1).add("1").addObject().put("deep~/er", true);
            object.put("large", 9_007_199_254_740_993L);
        }
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
