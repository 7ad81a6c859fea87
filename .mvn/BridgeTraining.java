import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// What a bridge does in its first minutes, for the moment in which its start-up cache is made: jobs
/// that exchange tokens, for the bridge's own and for a provider's that says yes to anybody. Without
/// it the cache would know how a bridge starts, and not what its first caller waits for.
///
/// No kinds of target that have a library: every start loads all that the cache holds, and those of
/// AWS, Google and Kubernetes are most of the work where no such target is.
///
/// Writes the documents (`config`), the provider's authority (`ca.pem`) and its URL (`provider`) into
/// the folder given, waits for the bridge's URL in `bridge`, asks, and ends. Nothing leaves the
/// machine.
class BridgeTraining {

    private static final String AUDIENCE = "https://tollbridge.example";
    private static final int EXCHANGES = 100;

    private final Training training;
    private final KeyPair issuer;
    private final String provider;
    private final HttpClient http = HttpClient.newHttpClient();

    private BridgeTraining(Training training) throws Exception {
        this.training = training;
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        issuer = keys.generateKeyPair();
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", this::provide);
        server.start();
        provider = "https://localhost:" + server.getAddress().getPort();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
    }

    public static void main(String[] arguments) throws Exception {
        BridgeTraining training = new BridgeTraining(new Training(Path.of(arguments[0])));
        training.prepare();
        String bridge = training.training.awaited("bridge");
        for (int each = 0; each < EXCHANGES; each++) {
            training.exchange(bridge, "api");
            training.exchange(bridge, "partner");
            training.credentials(bridge);
        }
        // One who may not, and the keys that clouds fetch.
        training.exchange(bridge, "nothing");
        training.send(HttpRequest.newBuilder(URI.create(bridge + "/federation/.well-known/openid-configuration")));
        training.send(HttpRequest.newBuilder(URI.create(bridge + "/federation/jwks")));
        System.exit(0);
    }

    /// A certificate of the JDK's own making, for this run only.
    private SSLContext tls() throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(training.certificate("ca"), Training.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void prepare() throws Exception {
        Path config = Files.createDirectories(training.folder().resolve("config"));
        RSAPublicKey key = (RSAPublicKey) issuer.getPublic();
        Files.writeString(config.resolve("jwks.json"), """
                {"keys": [{"kty": "RSA", "kid": "training", "use": "sig", "n": "%s", "e": "%s"}]}
                """.formatted(number(key.getModulus()), number(key.getPublicExponent())));
        // A little of each kind of document, so that reading and compiling them is part of what is remembered.
        Files.writeString(config.resolve("all.yaml"), """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: github}
                spec:
                  preset: github-actions
                  audience: https://tollbridge.example
                  keys: {file: jwks.json}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: api}
                spec: {owner: platform@example.org, jwt: {audience: "https://api.example", scopes: ["a:b"]}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: partner}
                spec:
                  owner: platform@example.org
                  oauth: {tokenEndpoint: "%1$s/partner/token", scopes: [read]}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: deploy}
                spec:
                  owner: platform@example.org
                  issuer: github
                  match: {repository_id: "2002", repository_owner_id: "1001", environment: production}
                  condition: claims.ref == 'refs/heads/main' && claims.event_name in ['push', 'workflow_dispatch']
                  allow:
                    - {target: api, ttl: 10m, scopes: ["a:b"]}
                    - {target: partner, scopes: [read]}
                """.formatted(provider));
        training.said("provider", provider);
    }

    private String token() throws Exception {
        long now = Instant.now().getEpochSecond();
        return jwt("""
                {"iss":"https://token.actions.githubusercontent.com","aud":"%s","jti":"%s","iat":%d,"nbf":%d,"exp":%d,\
                "sub":"repo:acme@1001/payments@2002:environment:production","repository":"acme/payments",\
                "repository_id":"2002","repository_owner":"acme","repository_owner_id":"1001",\
                "repository_visibility":"private","environment":"production","event_name":"push",\
                "ref":"refs/heads/main","ref_type":"branch","ref_protected":"true","run_id":"30001","run_number":"7",\
                "run_attempt":"1","actor":"octocat","actor_id":"583231","workflow":"deploy",\
                "job_workflow_ref":"acme/payments/.github/workflows/deploy.yml@refs/heads/main",\
                "runner_environment":"github-hosted"}""".formatted(AUDIENCE, UUID.randomUUID(), now, now, now + 300));
    }

    private String jwt(String claims) throws Exception {
        String signed = part("{\"alg\":\"RS256\",\"kid\":\"training\",\"typ\":\"JWT\"}") + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(issuer.getPrivate());
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int zero = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOfRange(bytes, zero, bytes.length));
    }

    private void exchange(String bridge, String target) throws Exception {
        send(HttpRequest.newBuilder(URI.create(bridge + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&audience="
                                + target + "&subject_token=" + token())));
    }

    private void credentials(String bridge) throws Exception {
        send(HttpRequest.newBuilder(URI.create(bridge + "/credentials"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"subject_token\":\"" + token()
                        + "\",\"targets\":[{\"target\":\"api\"},{\"target\":\"partner\"}]}")));
    }

    private void send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer =
                http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 && !answer.body().contains("grant_missing")) {
            // What is not trained is not as fast, and works.
            System.err.println(answer.statusCode() + " " + answer.body());
        }
    }

    private void provide(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ("{\"access_token\":\"training\",\"token_type\":\"Bearer\",\"expires_in\":600,"
                            + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
