package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A webhook that asks its callers for a certificate, and a real API server that is told to show
/// one as Kubernetes' page "Dynamic Admission Control" describes it, section "Authenticate API
/// servers".
class ClientCertificateTest {

    private static final String NAMESPACE = "enforced";
    private static final String CLEAN =
            "{apiVersion: v1, kind: Secret, metadata: {name: clean, namespace: enforced}}";

    private final ClusterFixture cluster = ClusterFixture.another();
    private final ClusterScene scene = new ClusterScene(cluster, NAMESPACE);

    @TempDir Path folder;

    @AfterEach
    void end() {
        scene.end();
        cluster.stop();
    }

    @Test
    void answersTheApiServerThatShowsACertificateOfTheAuthorityAndNoOther() throws Exception {
        authority("trusted");
        authority("another");
        try (Webhook webhook = Webhook.start(asking(folder.resolve("trusted.pem")), rules())) {
            scene.untilReady(webhook);
            ClusterScene.await("the webhook is asked, and lets nobody in", () -> !isAnswered());

            cluster.stopApiServer();
            cluster.startApiServer("--admission-control-config-file", showing("another"));
            assertThat(isAnswered()).as("a certificate of another authority").isFalse();

            cluster.stopApiServer();
            cluster.startApiServer("--admission-control-config-file", showing("trusted"));
            ClusterScene.await("the webhook answers", this::isAnswered);
            assertThat(scene.run(SECRET.formatted("login", NAMESPACE, LOGIN), "create").output())
                    .contains("denied the request");
        }
    }

    /// What nobody objects to passes where the webhook was asked, and fails where it could not be.
    private boolean isAnswered() {
        return scene.run(CLEAN, "create", "--dry-run=server").succeeded();
    }

    private WebhookOptions asking(Path authority) {
        WebhookOptions plain = scene.options(null);
        return new WebhookOptions(
                plain.listen(),
                plain.management(),
                plain.tls(),
                authority,
                plain.data(),
                plain.limits(),
                plain.detectors(),
                plain.cluster());
    }

    private static Rules rules() {
        return new Rules(
                new Settings(
                        Mode.AUDIT,
                        List.of(new NamespaceRule(NAMESPACE, null, Mode.ENFORCE)),
                        Uninspectable.WARN,
                        List.of(),
                        Settings.OF_THE_CLUSTER,
                        List.of()),
                new InjectSettings(
                        "https://bridge.acme.example",
                        "https://bridge.acme.example",
                        "registry.example/tollbridge@sha256:0123",
                        Map.of()));
    }

    /// An authority, and a certificate of it for the API server.
    private void authority(String name) throws IOException, InterruptedException {
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=%1$s"
                        + " -keyout %1$s.key -out %1$s.pem",
                name);
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=apiserver"
                        + " -keyout %1$s-client.key -out %1$s-client.csr",
                name);
        openssl(
                "x509 -req -days 1 -in %1$s-client.csr -CA %1$s.pem -CAkey %1$s.key -CAcreateserial"
                        + " -out %1$s-client.pem",
                name);
    }

    private void openssl(String arguments, String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.formatted(name).split(" ")));
        Path log = folder.resolve("openssl.log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor())
                .as("%s: is it installed? %s", command, Files.readString(log))
                .isZero();
    }

    /// @return a file for the API server's flag
    private String showing(String authority) throws IOException {
        Path kubeconfig =
                Files.writeString(
                        folder.resolve(authority + ".kubeconfig"),
                        """
                        apiVersion: v1
                        kind: Config
                        users:
                          - name: "*"
                            user:
                              client-certificate: %1$s/%2$s-client.pem
                              client-key: %1$s/%2$s-client.key
                        """
                                .formatted(folder, authority));
        return Files.writeString(
                        folder.resolve(authority + ".admission.yaml"),
                        """
                        apiVersion: apiserver.config.k8s.io/v1
                        kind: AdmissionConfiguration
                        plugins:
                          - name: ValidatingAdmissionWebhook
                            configuration: &shows
                              apiVersion: apiserver.config.k8s.io/v1
                              kind: WebhookAdmissionConfiguration
                              kubeConfigFile: %1$s
                          - name: MutatingAdmissionWebhook
                            configuration: *shows
                        """
                                .formatted(kubeconfig))
                .toString();
    }
}
