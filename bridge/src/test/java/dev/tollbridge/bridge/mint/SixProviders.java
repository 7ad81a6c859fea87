package dev.tollbridge.bridge.mint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollbridge.bridge.testing.GitHubJobs;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PostedForm;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/// A provider of every kind of target, at one address, each willing in the words of its protocol;
/// what they give may be made wrong. They verify nothing: the emulators of each kind do.
final class SixProviders implements Answer {

    /// By the names of their kinds.
    static final List<String> TARGETS =
            List.of("aws", "google", "azure", "github", "oauth", "kubernetes");

    private static final String SUBJECT = "system:serviceaccount:payments:deployer";

    /// What is wrong with the credentials that are given.
    enum Flaw {
        NONE,
        ENDED,
        OUTLIVES,
        WIDER
    }

    private volatile Flaw flaw = Flaw.NONE;

    void give(Flaw wrong) {
        flaw = wrong;
    }

    /// Whether a request is the one by which a provider makes a credential, and not one before or
    /// after it.
    static boolean mints(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        return !path.equals("/google/v1/token") && !path.equals("/installation/token");
    }

    @Override
    public void accept(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        Instant end = end();
        switch (path) {
            case "/sts" -> request.bodyHandler(body -> sts(request, body.toString(), end));
            case "/google/v1/token" -> Answer.json(federated()).accept(request);
            case "/contoso.onmicrosoft.com/oauth2/v2.0/token", "/partner/token" ->
                    Answer.json(oauth(end)).accept(request);
            case "/app/installations/7/access_tokens" ->
                    Answer.status(201, "application/json", installation(end)).accept(request);
            case "/installation/token" -> request.response().setStatusCode(204).end();
            case "/api/v1/namespaces/payments/serviceaccounts/deployer/token" ->
                    Answer.status(201, "application/json", tokenRequest(end)).accept(request);
            default -> {
                if (path.endsWith(":generateAccessToken")) {
                    Answer.json("{\"accessToken\":\"given\",\"expireTime\":\"" + end + "\"}")
                            .accept(request);
                } else {
                    Answer.status(404).accept(request);
                }
            }
        }
    }

    private Instant end() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return switch (flaw) {
            case NONE, WIDER -> now.plusSeconds(900);
            case ENDED -> now.minusSeconds(60);
            case OUTLIVES -> now.plus(20, ChronoUnit.HOURS);
        };
    }

    private boolean wider() {
        return flaw == Flaw.WIDER;
    }

    private void sts(HttpServerRequest request, String form, Instant end) {
        String role = wider() ? "administrator" : "deploy";
        Answer.typed(
                        "text/xml",
                        """
                        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                        <AssumeRoleWithWebIdentityResult><AssumedRoleUser>
                        <Arn>arn:aws:sts::111122223333:assumed-role/%s/%s</Arn>
                        </AssumedRoleUser><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
                        <SecretAccessKey>given</SecretAccessKey><SessionToken>given</SessionToken>
                        <Expiration>%s</Expiration></Credentials>
                        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                        """
                                .formatted(role, PostedForm.of(form).get("RoleSessionName"), end))
                .accept(request);
    }

    /// Of all that Google answers only this names scopes.
    private String federated() {
        return "{\"access_token\":\"federated\",\"token_type\":\"Bearer\",\"expires_in\":900,"
                + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\""
                + (wider() ? ",\"scope\":\"https://mail.google.com/\"" : "")
                + "}";
    }

    private String oauth(Instant end) {
        return "{\"access_token\":\"given\",\"token_type\":\"Bearer\",\"expires_in\":"
                + (end.getEpochSecond() - Instant.now().getEpochSecond())
                + (wider() ? ",\"scope\":\"read admin\"" : "")
                + "}";
    }

    private String installation(Instant end) {
        return "{\"token\":\"given\",\"expires_at\":\""
                + end
                + "\",\"repository_selection\":\"selected\",\"permissions\":{\"contents\":\""
                + (wider() ? "admin" : "read")
                + "\"}}";
    }

    private String tokenRequest(Instant end) {
        String claims =
                "{\"sub\":\""
                        + (wider() ? "system:serviceaccount:kube-system:admin" : SUBJECT)
                        + "\",\"aud\":[\"https://kubernetes.default.svc\"]}";
        return "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\","
                + "\"status\":{\"token\":\"eyJhbGciOiJSUzI1NiJ9."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8))
                + ".c2ln\",\"expirationTimestamp\":\""
                + end
                + "\"}}";
    }

    /// Targets of each kind and one of the bridge's own, and the grant for all of them.
    ///
    /// @param url of the server that they answer at
    static String documents(String url) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: aws}
        spec:
          owner: team@acme.example
          aws: {roleArn: "arn:aws:iam::111122223333:role/deploy", region: eu-west-1, stsEndpoint: "%1$s/sts"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: google}
        spec:
          owner: team@acme.example
          google:
            audience: //iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/pool/providers/bridge
            serviceAccount: deployer@acme-payments.iam.gserviceaccount.com
            scopes: ["https://www.googleapis.com/auth/devstorage.read_only"]
            stsEndpoint: "%1$s/google"
            iamEndpoint: "%1$s/iam"
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: azure}
        spec:
          owner: team@acme.example
          azure: {tenantId: contoso.onmicrosoft.com, clientId: 11112222-3333-4444-5555-666677778888,
                  scopes: ["https://management.azure.com/.default"], authority: "%1$s"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: github}
        spec:
          owner: team@acme.example
          github: {appId: "123456", privateKey: app.pem, installationId: "7", repositories: [payments],
                   permissions: {contents: read}, apiUrl: "%1$s"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: oauth}
        spec:
          owner: team@acme.example
          oauth: {tokenEndpoint: "%1$s/partner/token", scopes: [read]}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: kubernetes}
        spec:
          owner: team@acme.example
          kubernetes: {kubeconfig: kubeconfig, namespace: payments, serviceAccount: deployer}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: internal-api}
        spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
        """
                        .formatted(url)
                + GitHubJobs.grant(
                        "{target: aws, ttl: 15m}",
                        "{target: google, ttl: 15m, scopes: [\"https://www.googleapis.com/auth/devstorage.read_only\"]}",
                        "{target: azure, scopes: [\"https://management.azure.com/.default\"]}",
                        "{target: github}",
                        "{target: oauth, ttl: 15m, scopes: [read]}",
                        "{target: kubernetes, ttl: 15m}",
                        "{target: internal-api, ttl: 10m}");
    }

    /// By which the bridge finds the Kubernetes one.
    static String kubeconfig(String url, String authorityPem) {
        return """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: u, user: {token: bridges-own-token}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        """
                .formatted(url, Base64.getEncoder().encodeToString(authorityPem.getBytes(UTF_8)));
    }
}
