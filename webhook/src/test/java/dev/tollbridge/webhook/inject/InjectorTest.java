package dev.tollbridge.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.testing.CaseFolders;
import dev.tollbridge.webhook.testing.Yaml;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every folder of `inject` holds a pod, and either the pod as it should become or a piece of the
/// reason why it is refused. `-Dtollbridge.write=true` writes what became of pods without either,
/// to be read before it is kept.
class InjectorTest {

    private static InjectSettings settings(String url, @Nullable String image) {
        Map<String, String> targets = new LinkedHashMap<>();
        targets.put("internal-api", "jwt");
        targets.put("aws-deploy", "aws");
        targets.put("aws-audit", "aws");
        targets.put("bucket", "google");
        return new InjectSettings(url, "https://bridge.acme.example", image, targets);
    }

    private static final String IMAGE = "registry.example/tollbridge@sha256:0123";

    private final Injector injector = new Injector(settings("https://bridge.acme.example/", IMAGE));

    static List<Path> cases() {
        return CaseFolders.of("inject");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesOfAPodWhatIsStoredBesideIt(Path folder) throws IOException {
        ObjectNode pod = Yaml.file(folder.resolve("pod.yaml"));
        Injection injection = injector.inject(pod);

        if (CaseFolders.has(folder, "refused.txt")) {
            assertThat(injection)
                    .isInstanceOfSatisfying(
                            Injection.Refused.class,
                            refused ->
                                    assertThat(refused.reason())
                                            .contains(
                                                    CaseFolders.text(folder, "refused.txt")
                                                            .strip()));
            assertThat(injector.broken(pod)).isNotEmpty();
            return;
        }
        if (injection instanceof Injection.NotAsked) {
            assertThat(folder.getFileName()).hasToString("not-asked");
            return;
        }
        assertThat(injection).isInstanceOf(Injection.Done.class);
        Injection.Done done = (Injection.Done) injection;
        Path expected = folder.resolve("expected.json");
        if (Boolean.getBoolean("tollbridge.write") && !Files.exists(expected)) {
            Files.writeString(expected, pretty(done.pod()));
        }
        assertThat(pretty(done.pod())).isEqualTo(CaseFolders.text(folder, "expected.json"));
        assertThat(pretty(JsonPatch.apply(done.patch(), pod))).isEqualTo(pretty(done.pod()));
        onlyAdds(done.patch(), pod);
    }

    private static String pretty(JsonNode node) throws JsonProcessingException {
        return Yaml.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    }

    /// The mark is the one thing that may be written over: it is nobody's but ours.
    private static void onlyAdds(ArrayNode patch, JsonNode pod) {
        for (JsonNode operation : patch) {
            String path = operation.path("path").asText();
            boolean mark = path.equals("/metadata/annotations/tollbridge.dev~1injected");
            assertThat(operation.path("op").asText())
                    .as(path)
                    .isEqualTo(mark && pod.at(path).isTextual() ? "replace" : "add");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doneTwiceIsDoneOnce(Path folder) {
        if (injector.inject(Yaml.file(folder.resolve("pod.yaml"))) instanceof Injection.Done done) {
            assertThat(injector.inject(done.pod()))
                    .isInstanceOfSatisfying(
                            Injection.Done.class, again -> assertThat(again.patch()).isEmpty());
            assertThat(injector.broken(done.pod())).isEmpty();
        }
    }

    private ObjectNode injected(String name) {
        JsonNode pod = Yaml.file(Path.of("src/test/resources/inject", name, "pod.yaml"));
        return ((Injection.Done) injector.inject(pod)).pod();
    }

    @Test
    void noticesWhateverIsTakenAwayOrChangedAfterwards() {
        for (UnaryOperator<ObjectNode> change :
                List.<UnaryOperator<ObjectNode>>of(
                        pod -> remove(pod, "/spec/volumes/0"),
                        pod -> remove(pod, "/spec/containers/0/volumeMounts/0"),
                        pod -> remove(pod, "/spec/containers/0/env/0"),
                        pod -> remove(pod, "/spec/initContainers/0"),
                        pod -> remove(pod, "/spec/initContainers/0/securityContext/runAsNonRoot"),
                        pod -> remove(pod, "/metadata/annotations/tollbridge.dev~1injected"),
                        pod -> put(pod, "/spec/initContainers/0", "image", "\"evil\""),
                        pod -> put(pod, "/spec/initContainers/0", "command", "[\"sh\"]"),
                        pod -> put(pod, "/spec/initContainers/0", "envFrom", "[{}]"),
                        pod -> put(pod, "/spec/containers/0/env/0", "value", "\"http://evil\""),
                        pod ->
                                put(
                                        pod,
                                        "/spec/volumes/0/projected/sources/0/serviceAccountToken",
                                        "audience",
                                        "\"evil\""))) {
            ObjectNode pod = change.apply(injected("several-with-sidecar"));
            assertThat(injector.broken(pod)).isNotEmpty();
        }
    }

    private static ObjectNode remove(ObjectNode pod, String pointer) {
        int slash = pointer.lastIndexOf('/');
        String last = pointer.substring(slash + 1).replace("~1", "/");
        JsonNode parent = pod.at(pointer.substring(0, slash));
        if (parent instanceof ArrayNode list) {
            list.remove(Integer.parseInt(last));
        } else {
            ((ObjectNode) parent).remove(last);
        }
        return pod;
    }

    private static ObjectNode put(ObjectNode pod, String pointer, String field, String json) {
        try {
            ((ObjectNode) pod.at(pointer)).set(field, Yaml.MAPPER.readTree(json));
            return pod;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void toleratesWhatTheApiServerAdds() {
        ObjectNode pod = injected("several-with-sidecar");
        put(pod, "/spec/volumes/0/projected", "defaultMode", "420");
        put(pod, "/spec/initContainers/0", "terminationMessagePath", "\"/dev/termination-log\"");
        put(pod, "/spec/initContainers/0", "imagePullPolicy", "\"IfNotPresent\"");
        ((ArrayNode) pod.at("/spec/initContainers/0/volumeMounts"))
                .addObject()
                .put("name", "kube-api-access-abcde")
                .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount");

        assertThat(injector.broken(pod)).isEmpty();
    }

    @Test
    void aBridgeWithoutAPublicCertificateIsReachedThroughTheSidecar() {
        JsonNode pod = Yaml.file(Path.of("src/test/resources/inject/aws-target/pod.yaml"));
        for (String url :
                List.of(
                        "https://tollbridge.tollbridge.svc",
                        "https://10.0.0.7:8443",
                        "https://bridge")) {
            Injection.Done done = (Injection.Done) new Injector(settings(url, IMAGE)).inject(pod);
            assertThat(done.pod().at("/spec/initContainers/0/name").asText())
                    .isEqualTo("tollbridge-sidecar");
            assertThat(done.pod().at("/spec/containers/0/env/0/value").asText())
                    .isEqualTo("http://127.0.0.1:9911/aws/aws-deploy");
            Injection.Done without = (Injection.Done) new Injector(settings(url, null)).inject(pod);
            assertThat(without.warnings()).hasSize(1);
            assertThat(without.pod().at("/spec/containers/0/env/0/value").asText())
                    .isEqualTo(url + "/aws/aws-deploy");
        }
    }

    @Test
    void saysWhereThePlatformInjectsNothing() {
        JsonNode pod = Yaml.file(Path.of("src/test/resources/inject/jwt-target/pod.yaml"));

        assertThat(new Injector(null).inject(pod)).isInstanceOf(Injection.Refused.class);
    }
}
