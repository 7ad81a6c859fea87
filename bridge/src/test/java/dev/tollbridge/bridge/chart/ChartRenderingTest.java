package dev.tollbridge.bridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.TollbridgeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the chart renders to, and what its schema refuses. The snapshot of the defaults is written
/// anew with `-Dtollbridge.regenerate=true`.
class ChartRenderingTest {

    private static final Path SNAPSHOT = Path.of("src/test/resources/chart/defaults.yaml");

    @Test
    void everyVariantPassesHelmsLinter() {
        Variants.all()
                .forEach((name, values) ->
                        assertThat(
                                        Helm.run(
                                                        null,
                                                        Helm.with(
                                                                values,
                                                                "lint",
                                                                "--strict",
                                                                Helm.CHART.toString()))
                                                .text())
                                .as(name)
                                .contains("0 chart(s) failed"));
    }

    @Test
    void rendersTheSameTwice() {
        for (List<String> values : Variants.all().values()) {
            assertThat(Helm.template(values)).isEqualTo(Helm.template(values));
        }
    }

    @Test
    void theDefaultsRenderAsTheyDid() throws IOException {
        String rendered = Helm.template(Variants.of()).succeeded();
        if (Boolean.getBoolean("tollbridge.regenerate")) {
            Files.createDirectories(SNAPSHOT.getParent());
            Files.writeString(SNAPSHOT, rendered);
        }
        assertThat(SNAPSHOT)
                .as("run with -Dtollbridge.regenerate=true and look at what changes")
                .content()
                .isEqualTo(rendered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bridge.externalUrl=                                     | /bridge/externalUrl",
                "bridge.externalUrl=http://tollbridge.acme.example       | /bridge/externalUrl",
                "bridge.ledger=file                                      | /bridge/ledger",
                "bridge.keys=file                                        | /bridge/keys",
                "bridge.replicas=3,bridge.persistence.existingClaim=mine | /bridge/persistence/existingClaim",
                "bridge.tls.mode=certManager                             | /bridge/tls/issuerRef/name",
                "bridge.tls.trustedProxies={10.0.0.0/8}                  | /bridge/tls/mode",
                "bridge.config.source=configMap                          | /bridge/config/configMap",
                "webhook.sweep.secrets=true                              | /webhook/sweep/secrets",
                "webhook.tls.mode=none                                   | /webhook/tls/mode",
                "image.repository=                                       | /image/repository",
                "image.digest=sha256:beef                                | /image/digest",
                "bridge.replica=2                                        | properties",
                "webhook.resources.limit.memory=1Gi                      | properties"
            })
    void refuses(String values, String place) {
        Helm.Said said = Helm.template(Variants.of(values.strip()));
        assertThat(said.exitCode()).as(values).isNotZero();
        assertThat(said.text()).contains(place.strip());
    }

    @Test
    void whatPodsAreStartedWithIsWhatTheCommandsTake() {
        int commands = 0;
        for (List<String> values : Variants.all().values()) {
            for (JsonNode deployment : Rendering.of(values).ofKind("Deployment").toList()) {
                List<String> arguments = new ArrayList<>();
                deployment
                        .at("/spec/template/spec/containers/0/args")
                        .forEach(argument -> arguments.add(argument.asText()));
                // An option that is not there, or a value of the wrong type, throws.
                TollbridgeCommand.commandLine().parseArgs(arguments.toArray(String[]::new));
                commands++;
            }
        }
        assertThat(commands).isGreaterThan(15);
    }

    @Test
    void rollsOutBySurgingExceptWhereADiskTakesOnePod() {
        Rendering one = Rendering.of(Variants.of("bridge.replicas=1"));
        assertThat(one.one("Deployment", "tollbridge-bridge").at("/spec/strategy/type").asText())
                .isEqualTo("Recreate");
        assertThat(one.has("PodDisruptionBudget", "tollbridge-bridge")).isFalse();
        assertThat(one.has("PersistentVolumeClaim", "tollbridge-bridge")).isTrue();
        Rendering several = Rendering.of(Variants.of());
        assertThat(several.has("PersistentVolumeClaim", "tollbridge-bridge")).isFalse();
        assertThat(several.one("Deployment", "tollbridge-bridge").at("/spec/replicas").asInt())
                .isEqualTo(2);
        JsonNode rollout = several.one("Deployment", "tollbridge-bridge").at("/spec/strategy");
        assertThat(rollout.at("/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
        assertThat(rollout.at("/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
        assertThat(several.has("PodDisruptionBudget", "tollbridge-bridge")).isTrue();
        assertThat(several.has("PodDisruptionBudget", "tollbridge-webhook")).isTrue();
    }

    @Test
    void noPodMayWriteItsImageOrGainRights() {
        for (List<String> values : Variants.all().values()) {
            for (JsonNode pod : Rendering.of(values).pods()) {
                assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                for (String list : List.of("containers", "initContainers")) {
                    for (JsonNode container : pod.path(list)) {
                        JsonNode security = container.path("securityContext");
                        assertThat(security.path("readOnlyRootFilesystem").asBoolean())
                                .as(container.path("name").asText())
                                .isTrue();
                        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                                .isFalse();
                        assertThat(container.at("/resources/limits/memory").isMissingNode())
                                .isFalse();
                    }
                }
            }
        }
    }

    @Test
    void noTemplateMakesAKeyOrASecret() throws IOException {
        try (var files = Files.walk(Helm.CHART.resolve("templates"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContainPattern(
                                "gen(CA|PrivateKey|SelfSigned|Signed)|rand[A-Z]|lookup ");
            }
        }
        Variants.all()
                .values()
                .forEach(values -> assertThat(Rendering.of(values).ofKind("Secret")).isEmpty());
    }

    @Test
    void everyRightThatIsOptionalIsAbsentUnlessAskedFor() {
        Rendering defaults = Rendering.of(Variants.of());
        assertThat(defaults.one("ClusterRole", "tollbridge-bridge").toString())
                .doesNotContain("\"pods\"");
        assertThat(defaults.one("ClusterRole", "tollbridge-webhook").toString())
                .doesNotContain("\"pods\"", "\"secrets\"", "eviction");
        Rendering all = Rendering.of(Variants.all().getOrDefault("everything on", List.of()));
        assertThat(all.one("ClusterRole", "tollbridge-bridge").toString()).contains("\"pods\"");
        assertThat(all.one("ClusterRole", "tollbridge-webhook").toString())
                .contains("\"pods\"", "\"secrets\"", "pods/eviction");
        // Nobody but people binds roles of people; nothing is aggregated into built-in roles.
        all.ofKind("ClusterRole")
                .forEach(role ->
                        assertThat(role.at("/metadata/labels").toString())
                                .doesNotContain("aggregate-to"));
    }
}
