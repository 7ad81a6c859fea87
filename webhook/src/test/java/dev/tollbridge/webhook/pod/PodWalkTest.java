package dev.tollbridge.webhook.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.testing.CaseFolders;
import dev.tollbridge.webhook.testing.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every folder of `pods` holds a pod and, line by line, all that the walk has to find in it.
class PodWalkTest {

    static List<Path> cases() {
        return CaseFolders.of("pods");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsAllThatReachesAContainer(Path folder) {
        List<String> found =
                PodWalk.of(Yaml.file(folder.resolve("pod.yaml")), "").stream()
                        .map(PodWalkTest::line)
                        .toList();

        assertThat(String.join("\n", found) + "\n")
                .isEqualTo(CaseFolders.text(folder, "reaches.txt"));
    }

    private static String line(Reach reach) {
        return reach.path()
                + "  "
                + switch (reach) {
                    case Reach.Literal literal ->
                            literal.content().carrier()
                                    + " "
                                    + literal.content().name()
                                    + "="
                                    + new String(literal.content().bytes(), StandardCharsets.UTF_8);
                    case Reach.Reference reference ->
                            reference.kind().written()
                                    + " "
                                    + reference.name()
                                    + (reference.keys().isEmpty()
                                            ? ""
                                            : " keys " + new TreeSet<>(reference.keys()))
                                    + (reference.optional() ? " optional" : "");
                    case Reach.Opaque opaque -> "OPAQUE " + opaque.words();
                    case Reach.Storage storage -> "STORAGE " + storage.words();
                };
    }

    @Test
    void neverThrowsOnAPodOfAnotherForm() {
        for (String spec :
                List.of(
                        "{containers: 7}",
                        "{containers: [7, null, {env: {a: b}, command: x, args: {}}]}",
                        "{volumes: [{projected: {sources: {}}}, {secret: 1}, 5, {configMap: null}]}",
                        "{volumes: text, imagePullSecrets: [1, {}]}",
                        "[]",
                        "null")) {
            ObjectNode pod =
                    Yaml.object("{metadata: {annotations: [1], labels: 5}, spec: " + spec + "}");
            assertThatCode(() -> PodWalk.of(pod, "")).doesNotThrowAnyException();
        }
    }

    @Test
    void everyKindOfVolumeThatKubernetesHasIsKnown() {
        // The fields of core/v1.VolumeSource, from the client's generated model.
        List<String> model =
                List.of(io.fabric8.kubernetes.api.model.Volume.class.getDeclaredFields()).stream()
                        .map(java.lang.reflect.Field::getName)
                        .filter(name -> !List.of("name", "additionalProperties").contains(name))
                        .toList();

        assertThat(VolumeKinds.known()).containsAll(model);
    }
}
