package dev.tollbridge.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import dev.tollbridge.webhook.cluster.Leadership;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Settings and exemptions as custom resources, DESIGN 14, rule 14, on a real API server.
class WebhookResourcesTest {

    private static final String OWN = "tollbridge";
    private static final ClusterFixture cluster = Resources.cluster();
    private static final String SETTINGS =
            """
            {apiVersion: tollbridge.dev/v1alpha1, kind: AdmissionSettings, metadata: {name: %s}, spec:
              {default: audit, namespaces: [{name: resources, mode: "%s"}]}}
            """;
    private static final Webhook webhook = start();

    private static Webhook start() {
        cluster.kubectl("create", "namespace", OWN);
        cluster.kubectl("create", "namespace", "resources");
        Resources.apply(SETTINGS.formatted("default", "enforce"));
        return Webhook.start(
                new WebhookOptions(
                        new ListenAt("127.0.0.1", 0),
                        new ListenAt("127.0.0.1", 0),
                        null,
                        null,
                        null,
                        Limits.DEFAULT,
                        StandardDetectors::shipped,
                        new WebhookOptions.InCluster(
                                cluster.kubeconfig(),
                                new Reachable.Url("", ""),
                                OWN,
                                List.of("127.0.0.1", "localhost"),
                                "",
                                null,
                                new ResourceSettings(InstantSource.system(), OWN),
                                Leadership.Timing.DEFAULT)),
                AdmissionRules.of(Documents.EMPTY, OWN));
    }

    @AfterAll
    static void end() {
        webhook.close();
        cluster.kubectl(
                "delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all");
        cluster.kubectl("delete", "exemptions,admissionsettings", "--all");
    }

    /// What comes about by watches comes when it comes.
    private static void await(String what, BooleanSupplier holds) {
        for (int i = 0; i < 1200; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("it never came about: " + what);
    }

    private static KubectlResult rehearse(String pod) {
        return Resources.kubectl(
                """
                {apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: resources}, spec: {containers: [{name: a, image: i,
                  command: [az, login, --use-device-code]}]}}
                """
                        .formatted(pod),
                "create",
                "--dry-run=server");
    }

    private static String detector() {
        return rehearse("x").output().replaceAll("(?s).*\\(detector ([a-z0-9-]+).*", "$1");
    }

    private static String day() {
        return LocalDate.now(ZoneOffset.UTC).plusDays(5).toString();
    }

    private static KubectlResult as(Path kubeconfig, String yaml, String... arguments)
            throws IOException {
        Path file = Files.createTempFile("exemption", ".yaml");
        Files.writeString(file, yaml);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", file.toString()));
        return cluster.kubectlAs(kubeconfig, all.toArray(String[]::new));
    }

    private static Path person(String name, String verbs) {
        cluster.kubectl("create", "serviceaccount", name, "-n", OWN);
        cluster.kubectl(
                "create",
                "clusterrole",
                name,
                "--verb=" + verbs,
                "--resource=exemptions.tollbridge.dev");
        cluster.kubectl(
                "create",
                "clusterrolebinding",
                name,
                "--clusterrole=" + name,
                "--serviceaccount=" + OWN + ":" + name);
        return cluster.kubeconfig(
                name, cluster.kubectl("create", "token", name, "-n", OWN).output().strip());
    }

    @Test
    void followsTheResourcesAndLetsApproveWhoMay() throws IOException {
        await("the settings are in force", () -> !rehearse("debug").succeeded());
        String detector = detector();
        String mine =
                """
                {apiVersion: tollbridge.dev/v1alpha1, kind: Exemption, metadata: {name: debugging}, spec: {namespace: resources,
                  match: {pod: debug, detector: %s}, reason: SEC-17, approvedBy: "%s", expires: "%s"}}
                """
                        .formatted(detector, "system:serviceaccount:tollbridge:%s", day());

        // Whoever may write exemptions may not approve them for that.
        Path writer = person("writer", "get,create,update,patch");
        KubectlResult unapproved = as(writer, mine.formatted("writer"), "create");
        assertThat(unapproved.succeeded()).as(unapproved.output()).isFalse();
        assertThat(unapproved.output()).contains("needs the verb approve");
        KubectlResult forged = as(writer, mine.formatted("approver"), "create");
        assertThat(forged.succeeded()).isFalse();
        assertThat(forged.output()).contains("approved by who makes it");

        Path approver = person("approver", "get,create,update,patch,approve");
        KubectlResult far =
                as(approver, mine.formatted("approver").replace(day(), "2099-01-01"), "create");
        assertThat(far.succeeded()).isFalse();
        assertThat(far.output()).contains("spec.expires");
        KubectlResult approved = as(approver, mine.formatted("approver"), "create");
        assertThat(approved.succeeded()).as(approved.output()).isTrue();
        await("the exemption holds", () -> rehearse("debug").succeeded());
        assertThat(rehearse("other").succeeded()).isFalse();

        // What was approved cannot be widened by somebody else; labels can be written.
        KubectlResult widened =
                as(writer, mine.formatted("approver").replace("pod: debug", "pod: other"), "apply");
        assertThat(widened.succeeded()).as(widened.output()).isFalse();
        assertThat(cluster.kubectlAs(writer, "label", "exemption", "debugging", "a=b").succeeded())
                .isTrue();

        cluster.kubectl("delete", "exemption", "debugging");
        await("it holds no longer", () -> !rehearse("debug").succeeded());
    }

    private static String reason(String exemption) {
        return cluster.kubectl(
                        "get",
                        "exemption",
                        exemption,
                        "-o",
                        "jsonpath={.status.conditions[?(@.type==\"Accepted\")].reason}")
                .output();
    }

    private static boolean writes(Path kubeconfig, String yaml) {
        try {
            return as(kubeconfig, yaml, "apply").succeeded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anExemptionThatNobodyWasAskedAboutHoldsOnceAnApproverWritesIt() {
        await("the settings are in force", () -> !rehearse("late").succeeded());
        Path writer = person("late-writer", "get,create,update,patch");
        Path approver = person("late-approver", "get,create,update,patch,approve");
        String late =
                """
                {apiVersion: tollbridge.dev/v1alpha1, kind: Exemption, metadata: {name: late}, spec: {namespace: resources,
                  match: {pod: late, detector: %s}, reason: SEC-18, approvedBy: "system:serviceaccount:tollbridge:late-approver",
                  expires: "%s"}}
                """
                        .formatted(detector(), day());

        cluster.kubectl(
                "delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all");
        await("nobody is asked", () -> writes(writer, late));
        cluster.kubectl("annotate", "admissionsettings", "default", "looked=again", "--overwrite");
        await("it is asked again", () -> !rehearse("x").succeeded());

        await("it says why it does not count", () -> reason("late").equals("NotApproved"));
        assertThat(rehearse("late").succeeded()).isFalse();
        // Neither a label nor a stamp that somebody made up approves it.
        cluster.kubectlAs(writer, "label", "exemption", "late", "a=b");
        cluster.kubectlAs(writer, "annotate", "exemption", "late", "tollbridge.dev/approval=00");
        assertThat(rehearse("late").succeeded()).isFalse();
        assertThat(reason("late")).isEqualTo("NotApproved");

        cluster.kubectlAs(approver, "annotate", "exemption", "late", "looked=at");
        await("it holds", () -> rehearse("late").succeeded());
        await("and says so", () -> reason("late").equals("Approved"));
        cluster.kubectl("delete", "exemption", "late");
    }

    @Test
    void saysOfTheSettingsWhetherTheyAreInForce() {
        await(
                "the settings say that they are in force",
                () ->
                        cluster.kubectl(
                                        "get",
                                        "admissionsettings",
                                        "default",
                                        "-o",
                                        "jsonpath={.status.conditions[*].reason}")
                                .output()
                                .equals("Understood InForce"));
    }

    @Test
    void keepsWhatWasInForceWhenTheSettingsCannotBeUnderstood() {
        await("the settings are in force", () -> !rehearse("x").succeeded());

        KubectlResult wrong =
                Resources.kubectl(
                        SETTINGS.formatted("default", "enforce")
                                .replace(
                                        "default: audit,",
                                        "default: audit, inject: {url: 'https://[', audience: a},"),
                        "apply");
        assertThat(wrong.succeeded()).as(wrong.output()).isFalse();
        assertThat(wrong.output()).contains("spec.inject.url");

        Resources.apply(SETTINGS.formatted("second", "off"));
        assertThat(rehearse("x").succeeded()).isFalse();
        cluster.kubectl("delete", "admissionsettings", "second");

        Resources.apply(SETTINGS.formatted("default", "warn"));
        await("the edit is in force", () -> rehearse("x").succeeded());
        assertThat(rehearse("x").output()).contains("Warning: tollbridge:");
        Resources.apply(SETTINGS.formatted("default", "enforce"));
        await("and the next", () -> !rehearse("x").succeeded());
    }
}
