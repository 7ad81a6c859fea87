package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.SECRET;
import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static dev.tollbridge.webhook.cluster.ClusterScene.figure;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What an operator sees of a replica: events on what was refused, and that another goes on when
/// one is killed. On a real API server.
class OnTheObjectTest {

    private static final ClusterScene scene = new ClusterScene("told");

    @AfterAll
    static void end() {
        scene.end();
    }

    private static Rules enforcing() {
        return new Rules(
                new Settings(
                        Mode.AUDIT,
                        List.of(new NamespaceRule("told", null, Mode.ENFORCE)),
                        Uninspectable.ALLOW,
                        List.of(),
                        Settings.OF_THE_CLUSTER,
                        List.of()),
                null);
    }

    private static String events(String name) {
        return scene.cluster
                .kubectl(
                        "get",
                        "events",
                        "-n",
                        "told",
                        "--field-selector=involvedObject.name=" + name,
                        "-o",
                        "custom-columns=R:.reason,M:.message",
                        "--no-headers")
                .output();
    }

    @Test
    void aRefusalIsAnEventAndADryRunIsNone() {
        try (Webhook webhook = Webhook.start(scene.options(null), enforcing())) {
            scene.untilReady(webhook);
            scene.until("told", false);

            assertThat(scene.run(SECRET.formatted("login", "told", LOGIN), "create").succeeded())
                    .isFalse();

            await("the event", () -> events("login").contains("InteractiveLogin"));
            assertThat(events("login")).contains("refused: ", "marked-login").doesNotContain(LOGIN);
            assertThat(events("probe")).as("of a dry run").doesNotContain("InteractiveLogin");
        }
    }

    @Test
    void whenTheHolderOfTheLeaseIsKilledAnotherTakesOverAndSweeps() throws IOException {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LeaseHolder.class.getName(),
                                scene.cluster.kubeconfig().toString(),
                                OWN)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader says =
                        new BufferedReader(
                                new InputStreamReader(
                                        holder.getInputStream(), StandardCharsets.UTF_8));
                Webhook other = Webhook.start(leads(says, holder), enforcing())) {
            await("it is asked", () -> ClusterScene.readiness(other).contains("sweep"));
            assertThat(figure(other, "tollbridge_webhook_leads")).isZero();
            assertThat(figure(other, "tollbridge_webhook_sweep_ended_seconds")).isZero();

            // Nothing is given back: the Lease has to end by itself.
            assertThat(holder.destroyForcibly().pid()).isPositive();

            await(
                    "the other leads and sweeps",
                    () ->
                            figure(other, "tollbridge_webhook_leads") == 1
                                    && figure(other, "tollbridge_webhook_sweep_ended_seconds") > 0);
            scene.untilReady(other);
            assertThat(
                            scene.cluster
                                    .kubectl(
                                            "get",
                                            "validatingwebhookconfiguration",
                                            "tollbridge-webhook",
                                            "-o",
                                            "jsonpath={.webhooks[0].clientConfig.caBundle}")
                                    .output())
                    .isNotBlank();
        } finally {
            holder.destroyForcibly();
        }
    }

    /// The other starts once the first leads.
    private static WebhookOptions leads(BufferedReader says, Process holder) throws IOException {
        String line = says.readLine();
        if (!"leads".equals(line)) {
            holder.destroyForcibly();
            throw new AssertionError("the first never led: " + line);
        }
        return scene.options(Duration.ofHours(1));
    }
}
