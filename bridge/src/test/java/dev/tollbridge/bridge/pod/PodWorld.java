package dev.tollbridge.bridge.pod;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.audit.AuditReader;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.serve.DocumentsFrom;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything around a pod's sidecar: a bridge that comes and goes and keeps its record, the
/// providers of four kinds of target, and the projected token as kubelet writes it. All by one
/// time.
final class PodWorld implements AutoCloseable {

    static final String API = "internal-api";
    static final String AWS = "deploy";
    static final String GOOGLE = "reports";
    static final String KUBERNETES = "cluster";
    static final List<String> TARGETS = List.of(API, AWS, GOOGLE, KUBERNETES);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";

    /// What injected pods get, of which kubelet takes a new one after four fifths.
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final Duration TOKEN_ROTATED = Duration.ofMinutes(48);

    /// The bridge looks by the machine's time, in which hardly any passes.
    private static final Duration LOOKED_AT_WITHIN = Duration.ofDays(1);

    final SteppedTime time = new SteppedTime(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    final AwsEmulator aws;
    final GivingProviders providers = new GivingProviders(time.right());
    final Path tokenFile;
    final Path caFile;

    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final ThrowawayCa ca = ThrowawayCa.create(time.right());
    private final HttpsIssuerServer provider;
    private final PodTokens cluster = new PodTokens();
    private final List<String> subjectTokens = new ArrayList<>();
    private Instant written = Instant.EPOCH;
    private int port;
    private @Nullable ServedBridge bridge;

    PodWorld(Path folder) throws IOException {
        this.folder = folder;
        aws = new AwsEmulator().by(time.right());
        provider = HttpsIssuerServer.start(vertx, ca).otherwise(providers);
        caFile = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("all.yaml"), documents());
        Files.writeString(config.resolve("kubeconfig"), kubeconfig());
        tokenFile = Files.createDirectories(folder.resolve("projected")).resolve("token");
        rotateToken();
        startBridge();
        port = URI.create(bridge().url()).getPort();
        aws.trust(bridge().url() + "/federation").with(Role.trusting(ROLE, "target:aws:" + AWS));
        // Libraries of providers take longer to load than a bridge waits for a provider.
        for (String target : TARGETS) {
            Eventually.is(
                    target + " is given",
                    () -> bridge().exchange(subjectTokens.getLast(), target).has("access_token"));
        }
    }

    private String documents() {
        return cluster.trusted()
                + """
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: deploy}
                spec:
                  owner: team@acme.example
                  aws: {roleArn: "%1$s", region: eu-west-1, stsEndpoint: "%2$s"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: reports}
                spec:
                  owner: team@acme.example
                  google:
                    audience: //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/bridge
                    serviceAccount: deployer@acme-payments.iam.gserviceaccount.com
                    scopes: ["https://www.googleapis.com/auth/devstorage.read_only"]
                    stsEndpoint: "%3$s/google"
                    iamEndpoint: "%3$s/iam"
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: cluster}
                spec:
                  owner: team@acme.example
                  kubernetes: {kubeconfig: kubeconfig, namespace: payments, serviceAccount: deployer}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: pods}
                spec:
                  owner: team@acme.example
                  issuer: cluster
                  match: {sub: "%4$s"}
                  allow:
                    - {target: internal-api, ttl: 10m}
                    - {target: deploy, ttl: 15m}
                    - {target: reports, ttl: 10m, scopes: ["https://www.googleapis.com/auth/devstorage.read_only"]}
                    - {target: cluster, ttl: 10m}
                """
                        .formatted(ROLE, aws.url(), provider.url(), PodTokens.SUBJECT);
    }

    /// By which the bridge finds the cluster of the target.
    private String kubeconfig() {
        return """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: u, user: {token: bridges-own-token}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        """
                .formatted(provider.url(), caFile);
    }

    /// Where the API server of the Kubernetes target is, and Google.
    String providerUrl() {
        return provider.url();
    }

    ServedBridge bridge() {
        ServedBridge there = bridge;
        if (there == null) {
            throw new IllegalStateException("the bridge is away");
        }
        return there;
    }

    /// At the same address and on the same data as before.
    void startBridge() {
        Path config = folder.resolve("config");
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withConfig(new DocumentsFrom.Folder(config, LOOKED_AT_WITHIN))
                                .withListener(ListenerSettings.local(port))
                                .withEndpoints(
                                        AllowedEndpoints.of(
                                                List.of(aws.url(), provider.url()),
                                                ca.certificatePem())),
                        time.right());
    }

    void stopBridge() {
        bridge().close();
        bridge = null;
    }

    /// What kubelet does when it is time.
    void kubelet() throws IOException {
        if (!written.plus(TOKEN_ROTATED).isAfter(time.right().instant())) {
            rotateToken();
        }
    }

    private void rotateToken() throws IOException {
        written = time.right().instant();
        String token = cluster.token(written, TOKEN_LIFE);
        subjectTokens.add(token);
        Path next = Files.writeString(tokenFile.resolveSibling("next"), token);
        Files.move(next, tokenFile, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Every token that the pod had, oldest first.
    List<String> subjectTokens() {
        return List.copyOf(subjectTokens);
    }

    /// Until when a credential opens what it is for, by whoever gave it.
    Instant endOf(String target, String credential) throws IOException {
        Instant end =
                switch (target) {
                    case API -> expiry(credential);
                    case AWS ->
                            aws.sessions().stream()
                                    .filter(session -> session.accessKeyId().equals(credential))
                                    .map(Session::expires)
                                    .findFirst()
                                    .orElse(null);
                    default -> providers.endOf(credential);
                };
        if (end == null) {
            throw new AssertionError(target + ": nobody gave this");
        }
        return end;
    }

    private static Instant expiry(String jwt) throws IOException {
        byte[] claims = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
        return Instant.ofEpochSecond(JSON.readTree(claims).path("exp").asLong());
    }

    /// The bridge's record, oldest line first, whether the bridge is there or not.
    List<AuditRecord> record() {
        List<AuditRecord> lines = new ArrayList<>();
        AuditReader.forwards(auditFolder(), _ -> true, line -> lines.add(line.record()));
        return lines;
    }

    Path auditFolder() {
        return folder.resolve("data/audit");
    }

    /// What providers gave, beside AWS's.
    Set<String> given() {
        return providers.given();
    }

    @Override
    public void close() {
        ServedBridge there = bridge;
        if (there != null) {
            there.close();
        }
        provider.close();
        aws.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
