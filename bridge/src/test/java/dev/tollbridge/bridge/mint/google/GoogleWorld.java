package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.TlsFiles;
import dev.tollbridge.bridge.http.TrustedProxies;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.tls.ServerIdentity;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A bridge on https, a job's issuer it trusts, and a Google Cloud of this machine that has been
/// told what `tollbridge setup google` says.
final class GoogleWorld implements AutoCloseable {

    static final String POOL =
            "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/tollbridge";
    static final String ACCOUNT = "deployer@acme.iam.gserviceaccount.com";
    static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    static final String READ = "https://www.googleapis.com/auth/devstorage.read_only";

    /// All that gcloud 528 asks for, and what a job asks for.
    static final List<String> DEPLOY =
            List.of(
                    PLATFORM,
                    READ,
                    "openid",
                    "https://www.googleapis.com/auth/userinfo.email",
                    "https://www.googleapis.com/auth/appengine.admin",
                    "https://www.googleapis.com/auth/sqlservice.login",
                    "https://www.googleapis.com/auth/compute");

    private static final String ISSUER = "https://ci.acme.example";
    private static final String AUDIENCE = "https://tollbridge.acme.example";

    private final TestIssuer issuer = new TestIssuer().with("key-1", "ES256", "google");
    private final Path folder;
    private final ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
    final Path caFile;
    final KeyStore trust;
    final GoogleEmulator google;
    final ServedBridge bridge;

    GoogleWorld(Path folder) throws IOException, GeneralSecurityException {
        this.folder = folder;
        caFile = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
        trust = trust(ca);
        google = new GoogleEmulator(client());
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("all.yaml"), documents());
        ServerIdentity identity = ca.issue("localhost", "127.0.0.1");
        TlsFiles files =
                new TlsFiles(
                        Files.writeString(folder.resolve("tls.crt"), identity.certificatesPem()),
                        Files.writeString(
                                folder.resolve("tls.key"), identity.privateKeyPem().reveal()));
        ServeSettings local =
                ServeSettings.local(config, Files.createDirectories(folder.resolve("data")));
        ListenerSettings listener =
                new ListenerSettings(local.management(), files, false, TrustedProxies.NONE);
        bridge =
                new ServedBridge(
                        local.withListener(listener)
                                .withEndpoints(AllowedEndpoints.of(List.of(google.url()), null)),
                        client());
        for (String target : List.of("gcp-deploy", "gcp-reports", "gcp-direct")) {
            google.trust(
                    POOL + "/providers/" + target,
                    bridge.url() + "/federation",
                    "target:google:" + target);
            google.bind(principal(target), ACCOUNT);
        }
        // A target whose provider was set up for another one.
        google.trust(
                POOL + "/providers/gcp-stray",
                bridge.url() + "/federation",
                "target:google:gcp-deploy");
    }

    static String principal(String target) {
        return "principal:" + POOL + "/subject/target:google:" + target;
    }

    private String documents() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %1$s
          audience: %2$s
          algorithms: [ES256]
          keys: {inline: %3$s}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: gcp-deploy}
        spec:
          owner: team@acme.example
          google:
            audience: %4$s/providers/gcp-deploy
            serviceAccount: %5$s
            scopes: ["%8$s"]
            stsEndpoint: %6$s
            iamEndpoint: %6$s
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: gcp-reports}
        spec:
          owner: team@acme.example
          google:
            audience: %4$s/providers/gcp-reports
            serviceAccount: %5$s
            scopes: ["%7$s"]
            boundary:
              accessBoundary:
                accessBoundaryRules:
                  - availableResource: //storage.googleapis.com/projects/_/buckets/reports
                    availablePermissions: ["inRole:roles/storage.objectViewer"]
            stsEndpoint: %6$s/v1/token
            iamEndpoint: %6$s
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: gcp-direct}
        spec:
          owner: team@acme.example
          google:
            audience: %4$s/providers/gcp-direct
            scopes: ["%7$s"]
            stsEndpoint: %6$s
            iamEndpoint: %6$s
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: gcp-stray}
        spec:
          owner: team@acme.example
          google:
            audience: %4$s/providers/gcp-stray
            serviceAccount: %5$s
            scopes: ["%7$s"]
            stsEndpoint: %6$s
            iamEndpoint: %6$s
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: pool-jwt}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://pool.acme.example"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: job}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow:
            - {target: gcp-deploy, ttl: 10m}
            - {target: gcp-reports, ttl: 10m, scopes: ["%7$s"]}
            - {target: gcp-direct, ttl: 1h, scopes: ["%7$s"]}
            - {target: gcp-stray, ttl: 10m}
            - {target: pool-jwt, ttl: 10m}
          acknowledge: [google-without-impersonation]
        """
                .formatted(
                        ISSUER,
                        AUDIENCE,
                        issuer.jwks(),
                        POOL,
                        ACCOUNT,
                        google.url(),
                        READ,
                        String.join("\", \"", DEPLOY));
    }

    /// A token that has not been shown yet, as the platform would write it for a job.
    String token() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("sub", "job-42")
                        // What is given must not outlive it.
                        .claim("exp", Instant.now().plus(Duration.ofHours(2)).getEpochSecond())
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    /// What `tollbridge setup google --output credential-config` prints, with a fresh token.
    ///
    /// @param audience the target's name, or its provider's
    Path credentialConfig(String audience) throws IOException {
        Path token = Files.writeString(folder.resolve("token-" + UUID.randomUUID()), token());
        return Files.writeString(
                folder.resolve("credentials-" + UUID.randomUUID() + ".json"),
                """
                {
                  "type": "external_account",
                  "audience": "%s",
                  "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                  "token_url": "%s/token",
                  "credential_source": {"file": "%s"}
                }
                """
                        .formatted(audience, bridge.url(), token));
    }

    private static KeyStore trust(ThrowawayCa ca) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        ca.certificatePem().getBytes(StandardCharsets.UTF_8))));
        return store;
    }

    HttpClient client() throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    @Override
    public void close() {
        bridge.close();
        google.close();
    }
}
