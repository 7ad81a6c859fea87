package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.POD;
import static dev.tollbridge.webhook.cluster.ClusterScene.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.serve.Webhook;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The webhook registers itself with a real API server, which then asks it.
class RealApiServerTest {

    private static final ClusterScene scene =
            new ClusterScene("enforced", "marker", "warned", "strict-a", "elsewhere", "later");
    private static final ClusterFixture cluster = scene.cluster;
    private static final KubernetesClient client = scene.client;
    private static Webhook webhook = start();

    private static Rules rules(String... enforced) {
        List<NamespaceRule> namespaces = new ArrayList<>();
        for (String name : enforced) {
            namespaces.add(new NamespaceRule(name, null, Mode.ENFORCE));
        }
        namespaces.add(new NamespaceRule("warned", null, Mode.WARN));
        namespaces.add(new NamespaceRule(null, "strict-*", Mode.ENFORCE));
        return new Rules(
                new Settings(
                        Mode.AUDIT,
                        namespaces,
                        Uninspectable.WARN,
                        List.of(),
                        Settings.OF_THE_CLUSTER,
                        List.of()),
                new InjectSettings(
                        "https://bridge.acme.example",
                        "https://bridge.acme.example",
                        "registry.example/tollbridge@sha256:0123",
                        Map.of("internal-api", "jwt", "aws-deploy", "aws")));
    }

    private static Webhook start() {
        // There before the webhook is.
        apply(SECRET.formatted("from-before", "enforced", LOGIN));
        apply(SECRET.formatted("also-from-before", "enforced", LOGIN));
        return Webhook.start(scene.options(Duration.ofHours(1)), rules("enforced"));
    }

    @BeforeAll
    static void isAskedAbout() {
        scene.until("enforced", false);
        scene.untilReady(webhook);
    }

    @AfterAll
    static void end() {
        webhook.close();
        scene.end();
    }

    private static KubectlResult apply(String yaml) {
        return scene.apply(yaml);
    }

    private static KubectlResult run(String yaml, String... verb) {
        return scene.run(yaml, verb);
    }

    @Test
    void refusesASecretWithALoginAndTellsWhatToDo() {
        KubectlResult result = apply(SECRET.formatted("login", "enforced", LOGIN));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.output())
                .contains(
                        "enforce.webhook.tollbridge.dev",
                        "tollbridge refuses Secret enforced/login")
                .contains("marked-login", "tollbridge.dev/inject");
        assertThat(cluster.kubectl("get", "secret", "login", "-n", "enforced").succeeded())
                .isFalse();
        assertThat(apply(SECRET.formatted("login", "strict-a", LOGIN)).succeeded()).isFalse();
    }

    @Test
    void refusesServerSideApplyAndDryRunToo() {
        String secret = SECRET.formatted("applied", "enforced", LOGIN);

        assertThat(run(secret, "apply", "--server-side").succeeded()).isFalse();
        assertThat(run(secret, "apply", "--dry-run=server").succeeded()).isFalse();
    }

    @Test
    void warnsWhereItWarnsAndIsSilentElsewhere() {
        KubectlResult warned = apply(SECRET.formatted("warned", "warned", LOGIN));
        assertThat(warned.succeeded()).isTrue();
        assertThat(warned.output()).contains("Warning: tollbridge:");

        KubectlResult elsewhere = apply(SECRET.formatted("silent", "elsewhere", LOGIN));
        assertThat(elsewhere.succeeded()).isTrue();
        assertThat(elsewhere.output()).doesNotContain("Warning");
    }

    @Test
    void knowsFromItsSweepWhatWasThereBefore() {
        KubectlResult pod = apply(POD.formatted("old-login", "enforced", "from-before"));

        assertThat(pod.succeeded()).as(pod.output()).isFalse();
        assertThat(pod.output()).contains("spec.volumes[0].secret", "Secret enforced/from-before");
        // Touching it is not refused: a controller has to be able to.
        KubectlResult touched =
                cluster.kubectl(
                        "label", "secret", "from-before", "-n", "enforced", "a=b", "--overwrite");
        assertThat(touched.succeeded()).as(touched.output()).isTrue();
        assertThat(touched.output()).contains("Warning: tollbridge:");
    }

    @Test
    void followsASecretThroughItsLife() {
        String secret = "life";
        KubectlResult before = apply(POD.formatted("early", "enforced", secret));
        assertThat(before.output()).contains("Warning").contains("no verdict");

        assertThat(apply(SECRET.formatted(secret, "enforced", "clean")).succeeded()).isTrue();
        assertThat(apply(POD.formatted("first", "enforced", secret)).output())
                .doesNotContain("Warning");
        KubectlResult updated = apply(SECRET.formatted(secret, "enforced", LOGIN));
        assertThat(updated.succeeded()).isFalse();
        // It was refused, so what is stored is still clean.
        assertThat(apply(POD.formatted("second", "enforced", secret)).succeeded()).isTrue();

        cluster.kubectl("delete", "secret", secret, "-n", "enforced");
        assertThat(apply(SECRET.formatted(secret, "enforced", LOGIN)).succeeded()).isFalse();
    }

    @Test
    void aVerdictImprovesOnlyWhenStoredContentIsSeenClean() {
        assertThat(apply(SECRET.formatted("mended", "warned", LOGIN)).succeeded()).isTrue();
        assertThat(apply(POD.formatted("m1", "warned", "mended")).output())
                .contains("marked-login");

        assertThat(apply(SECRET.formatted("mended", "warned", "clean")).succeeded()).isTrue();
        assertThat(apply(POD.formatted("m2", "warned", "mended")).output())
                .contains("marked-login");

        cluster.kubectl("label", "secret", "mended", "-n", "warned", "seen=true");
        assertThat(apply(POD.formatted("m3", "warned", "mended")).output())
                .doesNotContain("marked-login");
    }

    @Test
    void warnsOfADeploymentAndRefusesItsPods() {
        KubectlResult deployment =
                apply(
                        """
                        {apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: enforced}, spec:
                          {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec:
                            {containers: [{name: app, image: i, env: [{name: A, value: %s}]}]}}}}
                        """
                                .formatted(LOGIN));

        assertThat(deployment.succeeded()).as(deployment.output()).isTrue();
        assertThat(deployment.output())
                .contains("Warning: tollbridge: spec.template.spec.containers[0].env[0].value");
        assertThat(
                        apply(
                                        """
                                        {apiVersion: v1, kind: Pod, metadata: {name: d-1, namespace: enforced}, spec:
                                          {containers: [{name: app, image: i, env: [{name: A, value: %s}]}]}}
                                        """
                                                .formatted(LOGIN))
                                .succeeded())
                .isFalse();
    }

    @Test
    void refusesAnEphemeralContainer() {
        assertThat(
                        apply(
                                        "{apiVersion: v1, kind: Pod, metadata: {name: debugged, namespace: enforced}, spec:"
                                                + " {containers: [{name: app, image: i}]}}")
                                .succeeded())
                .isTrue();
        EphemeralContainer debug =
                new EphemeralContainerBuilder()
                        .withName("debug")
                        .withImage("i")
                        .addNewEnv()
                        .withName("A")
                        .withValue(LOGIN)
                        .endEnv()
                        .build();

        String refusal = "";
        try {
            client.pods()
                    .inNamespace("enforced")
                    .withName("debugged")
                    .ephemeralContainers()
                    .edit(pod -> {
                        pod.getSpec().getEphemeralContainers().add(debug);
                        return pod;
                    });
        } catch (KubernetesClientException e) {
            refusal = String.valueOf(e.getMessage());
        }
        assertThat(refusal).contains("spec.ephemeralContainers[0].env[0].value");
    }

    @Test
    void injectsWhatThePodAsksForAndFindsItThereAfterDefaultsAreSet() {
        String pod =
                """
                {apiVersion: v1, kind: Pod, metadata: {name: injected, namespace: enforced, labels:
                  {tollbridge.dev/inject: "true"}, annotations: {tollbridge.dev/targets: "internal-api,aws-deploy",
                   tollbridge.dev/sidecar: "true"}}, spec: {serviceAccountName: default, containers: [{name: app, image: i}]}}
                """;
        KubectlResult created = apply(pod);

        assertThat(created.succeeded()).as(created.output()).isTrue();
        Pod stored = client.pods().inNamespace("enforced").withName("injected").get();
        assertThat(stored.getSpec().getInitContainers().getFirst().getName())
                .isEqualTo("tollbridge-sidecar");
        assertThat(stored.getSpec().getContainers().getFirst().getEnv())
                .anySatisfy(variable -> assertThat(variable.getName()).isEqualTo("TOLLBRIDGE_URL"));
        KubectlResult labelled =
                cluster.kubectl("label", "pod", "injected", "-n", "enforced", "more=labels");
        assertThat(labelled.succeeded()).as(labelled.output()).isTrue();
        assertThat(labelled.output()).doesNotContain("Warning");

        KubectlResult unknown =
                apply(pod.replace("internal-api", "nothing").replace("injected", "i2"));
        assertThat(unknown.succeeded()).isFalse();
        assertThat(unknown.output()).contains("asks for 'nothing'");
    }

    @Test
    void whatIsInjectedPassesPodSecurityRestricted() {
        cluster.kubectl(
                "label", "namespace", "strict-a", "pod-security.kubernetes.io/enforce=restricted");
        KubectlResult created =
                apply(
                        """
                        {apiVersion: v1, kind: Pod, metadata: {name: restricted, namespace: strict-a, labels:
                          {tollbridge.dev/inject: "true"}, annotations: {tollbridge.dev/targets: aws-deploy,
                           tollbridge.dev/sidecar: "true"}}, spec: {serviceAccountName: default, securityContext: {runAsNonRoot: true, seccompProfile:
                          {type: RuntimeDefault}}, containers: [{name: app, image: i, securityContext:
                          {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}}
                        """);

        assertThat(created.succeeded()).as(created.output()).isTrue();
    }

    @Test
    void keepsItsCertificatesForTheNextStart() {
        Secret kept = client.secrets().inNamespace(OWN).withName(Cluster.TLS_SECRET).get();
        assertThat(kept.getData()).containsKeys("ca.crt", "ca.key", "tls.crt", "tls.key");

        try (Webhook second = Webhook.start(scene.options(null), rules("enforced"))) {
            assertThat(second.url()).isNotEqualTo(webhook.url());
            Secret now = client.secrets().inNamespace(OWN).withName(Cluster.TLS_SECRET).get();
            assertThat(now.getMetadata().getResourceVersion())
                    .isEqualTo(kept.getMetadata().getResourceVersion());
        }
        // The one that was registered last is gone: the first tells the API server again.
        webhook.apply(rules("enforced"));
        scene.until("enforced", false);
        scene.until("elsewhere", true);
    }

    @Test
    void aReplicaThatSawNothingKnowsWhatAnotherSaw() {
        apply(SECRET.formatted("shared", "warned", LOGIN));
        apply(SECRET.formatted("shared-clean", "warned", "clean"));

        // It does not sweep, and what is asked from here on is asked of it.
        try (Webhook second = Webhook.start(scene.options(null), rules("enforced", "marker"))) {
            scene.untilReady(second);
            scene.until("marker", false);
            assertThat(apply(POD.formatted("s1", "warned", "shared")).output())
                    .contains("Warning", "Secret warned/shared", "marked-login");
            assertThat(apply(POD.formatted("s2", "warned", "shared-clean")).output())
                    .doesNotContain("Warning");
        }
        webhook.apply(rules("enforced"));
        scene.until("marker", true);
        scene.until("enforced", false);
    }

    @Test
    void aSecretMadeAgainUnderItsNameIsJudgedAnew() {
        apply(SECRET.formatted("again", "warned", "clean"));
        cluster.kubectl("delete", "secret", "again", "-n", "warned");
        KubectlResult created = apply(SECRET.formatted("again", "warned", LOGIN));
        assertThat(created.output()).contains("Warning");
        assertThat(apply(POD.formatted("a1", "warned", "again")).output()).contains("marked-login");
    }

    @Test
    void changedSettingsChangeWhereItFailsClosed() {
        assertThat(apply(SECRET.formatted("a", "later", LOGIN)).succeeded()).isTrue();

        webhook.apply(rules("enforced", "later"));
        scene.until("later", false);
        webhook.apply(rules("enforced"));
        scene.until("later", true);
    }

    @Test
    void refusesKubectlDebugThatBringsALogin() {
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: d, namespace: enforced}, spec: {containers: [{name: app, image: i}]}}";
        assertThat(apply(pod).succeeded()).isTrue();

        KubectlResult refused =
                cluster.kubectl(
                        "debug",
                        "d",
                        "-n",
                        "enforced",
                        "--image=i",
                        "--env=A=" + LOGIN,
                        "-c",
                        "one");
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.output())
                .contains("spec.ephemeralContainers[0].env[0].value", "marked-login");
        KubectlResult clean =
                cluster.kubectl("debug", "d", "-n", "enforced", "--image=i", "-c", "two");
        assertThat(clean.succeeded()).as(clean.output()).isTrue();
    }

    @Test
    void b08_aNamespaceCannotLeaveByItsLabels() {
        cluster.kubectl(
                "label",
                "namespace",
                "enforced",
                "--overwrite",
                "kubernetes.io/metadata.name=elsewhere",
                "tollbridge.dev/mode=off",
                "control-plane=x");

        assertThat(apply(SECRET.formatted("relabelled", "enforced", LOGIN)).succeeded()).isFalse();
    }

    @Test
    void b14_theConditionsOfARegistrationHoldWithoutAnnotationsAndForNodesOnly() {
        cluster.kubectl("create", "clusterrole", "pod-maker", "--verb=create", "--resource=pods");
        cluster.kubectl(
                "create",
                "clusterrolebinding",
                "nodes-make-pods",
                "--clusterrole=pod-maker",
                "--group=system:nodes",
                "--group=developers");
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: m, namespace: enforced%s}, spec: {nodeName: n1, containers: [{name: app,"
                        + " image: i, env: [{name: A, value: "
                        + LOGIN
                        + "}]}]}}";
        String mirror = pod.formatted(", annotations: {kubernetes.io/config.mirror: x}");
        String[] node = {
            "create", "--dry-run=server", "--as=system:node:n1", "--as-group=system:nodes"
        };
        String[] person = {"create", "--dry-run=server", "--as=ann", "--as-group=developers"};

        assertThat(run(pod.formatted(""), node).output()).contains("tollbridge refuses");
        assertThat(run(mirror, node).output()).doesNotContain("tollbridge");
        assertThat(run(mirror, person).output()).contains("tollbridge refuses");
    }

    @Test
    void b13_whenItIsAwayOnlyEnforcingNamespacesAreClosed() {
        Webhook second = Webhook.start(scene.options(null), rules("enforced", "marker"));
        scene.until("marker", false);
        second.close();

        KubectlResult closed = apply(SECRET.formatted("away", "enforced", "clean"));
        assertThat(closed.succeeded()).isFalse();
        assertThat(closed.output()).contains("failed calling webhook");
        assertThat(apply(SECRET.formatted("away", "elsewhere", LOGIN)).succeeded()).isTrue();
        assertThat(apply(SECRET.formatted("away", "kube-system", LOGIN)).succeeded()).isTrue();
        assertThat(apply(SECRET.formatted("away", OWN, LOGIN)).succeeded()).isTrue();
        assertThat(
                        cluster.kubectl("delete", "secret", "also-from-before", "-n", "enforced")
                                .succeeded())
                .isTrue();

        webhook.apply(rules("enforced"));
        scene.until("marker", true);
        scene.until("enforced", false);
    }

    @Test
    void b20_whoeverDeletesTheRegistrationIsFollowedByAnother() {
        cluster.kubectl("delete", "validatingwebhookconfigurations", "--all");
        scene.until("enforced", true);

        webhook.apply(rules("enforced"));
        scene.until("enforced", false);
    }
}
