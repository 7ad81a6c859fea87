package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.testing.Issuers;
import dev.tollbridge.testing.cluster.ClusterFixture;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// {@link ClusterTokenReviewer} against a real API server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokenReviewTest {

    private ClusterFixture cluster;
    private Workloads workloads;
    private final ClusterClients clients = new ClusterClients();
    private final ClusterTokenReviewer reviewer = new ClusterTokenReviewer(clients);

    @BeforeAll
    void start() {
        cluster = ClusterFixture.shared();
        workloads = new Workloads(cluster, "reviewed");
    }

    @AfterAll
    void stop() {
        if (workloads != null) {
            workloads.close();
        }
        clients.close();
    }

    @Test
    void acceptsTheTokenOfAPodThatLives() {
        String token = workloads.tokenOf(workloads.createPod("lives"));

        assertThatCode(() -> review(token)).doesNotThrowAnyException();
    }

    @Test
    void refusesTheTokenOfADeletedPodAtOnceAlthoughItWasAcceptedJustBefore() {
        String token = workloads.tokenOf(workloads.createPod("deleted"));
        review(token);

        workloads.deletePod("deleted");

        assertRefused(RefusalReason.SUBJECT_GONE, token);
    }

    @Test
    void refusesTheTokenOfADeletedPodAfterAnotherOneTookItsName() {
        String token = workloads.tokenOf(workloads.createPod("again"));
        workloads.deletePod("again");
        workloads.createPod("again");

        assertRefused(RefusalReason.SUBJECT_GONE, token);
    }

    @Test
    void refusesTheTokenOfADeletedServiceAccountAlsoAfterItWasMadeAgain() {
        try (Workloads own = new Workloads(cluster, "remade")) {
            Pod pod = own.createPod("pod");
            String token = own.tokenOf(pod);
            String unbound = own.unboundToken();

            own.deleteServiceAccount();
            assertRefused(RefusalReason.SUBJECT_GONE, token);
            assertRefused(RefusalReason.SUBJECT_GONE, unbound);

            own.createServiceAccount();
            assertRefused(RefusalReason.SUBJECT_GONE, token);
            assertRefused(RefusalReason.SUBJECT_GONE, unbound);
        }
    }

    @Test
    void refusesATokenForAnotherAudience() {
        String token =
                workloads.tokenOf(workloads.createPod("elsewhere"), "https://other.acme.example");

        assertRefused(RefusalReason.AUDIENCE_MISMATCH, token);
    }

    @Test
    void refusesATokenThatThisClusterDidNotSign() {
        String token = workloads.tokenOf(workloads.createPod("forged"));
        String signature = token.substring(token.lastIndexOf('.') + 1);
        String other = (signature.charAt(0) == 'A' ? "B" : "A") + signature.substring(1);

        assertRefused(RefusalReason.SUBJECT_GONE, token.replace(signature, other));
        assertRefused(RefusalReason.SUBJECT_GONE, "opaque");
    }

    @Test
    void anApiServerThatIsNotThereIsNoRefusal() throws IOException {
        String token = workloads.tokenOf(workloads.createPod("no-server"));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path kubeconfig = cluster.kubeconfig("nobody-there", "any");
        Files.writeString(
                kubeconfig,
                Files.readString(kubeconfig).replace(cluster.url(), "https://127.0.0.1:" + port));

        assertRefused(RefusalReason.ISSUER_UNAVAILABLE, token, issuer(kubeconfig));
    }

    @Test
    void anApiServerThatDoesNotKnowTheBridgeIsNoRefusal() {
        String token = workloads.tokenOf(workloads.createPod("unknown-bridge"));

        assertRefused(
                RefusalReason.ISSUER_UNAVAILABLE,
                token,
                issuer(cluster.kubeconfig("stranger", "no-such-token")));
    }

    @Test
    void anApiServerThatForbidsTheBridgeToAskIsNoRefusal() {
        String token = workloads.tokenOf(workloads.createPod("forbidden-bridge"));
        Path kubeconfig =
                cluster.kubeconfig(
                        "forbidden",
                        workloads.tokenOf(workloads.createPod("bridge"), ClusterFixture.ISSUER));

        assertRefused(RefusalReason.ISSUER_UNAVAILABLE, token, issuer(kubeconfig));
    }

    @Test
    void aKubeconfigThatCannotBeReadIsNoRefusal(@TempDir Path folder) {
        assertRefused(
                RefusalReason.ISSUER_UNAVAILABLE,
                "any",
                issuer(folder.resolve("missing.kubeconfig")));
    }

    /// What `docs/operations/kubernetes.md` says of `tokenFile`.
    @Test
    void everyServiceAccountMayReadTheKeySetAndAnonymousCallersMayNot() {
        assertThat(keysReadBy("system:serviceaccount:payments:any", "system:serviceaccounts"))
                .contains("\"kty\":\"RSA\"");
        assertThat(keysReadBy("system:anonymous", "system:unauthenticated")).contains("Forbidden");
    }

    private String keysReadBy(String user, String group) {
        return cluster.kubectl(
                        "get", "--raw", "/openid/v1/jwks", "--as=" + user, "--as-group=" + group)
                .output();
    }

    private void review(String token) {
        reviewer.review(issuer(cluster.kubeconfig()), Secret.of(token));
    }

    private void assertRefused(RefusalReason reason, String token) {
        assertRefused(reason, token, issuer(cluster.kubeconfig()));
    }

    private void assertRefused(RefusalReason reason, String token, TrustedIssuer issuer) {
        Throwable thrown = catchThrowable(() -> reviewer.review(issuer, Secret.of(token)));
        assertThat(thrown).isInstanceOf(Refusal.class);
        Refusal refusal = (Refusal) thrown;
        assertThat(refusal.reason()).as(refusal.detail()).isEqualTo(reason);
        assertThat(refusal.toString()).doesNotContain(token);
    }

    private static TrustedIssuer issuer(Path kubeconfig) {
        Issuers issuer = new Issuers();
        issuer.issuer = ClusterFixture.ISSUER;
        issuer.audience = Workloads.AUDIENCE;
        issuer.kubernetes = true;
        issuer.requirePod = true;
        issuer.tokenReview = new TokenReviewSource(kubeconfig.toString(), false);
        return issuer.build();
    }
}
