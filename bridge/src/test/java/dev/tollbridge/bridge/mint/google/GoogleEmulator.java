package dev.tollbridge.bridge.mint.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// As much of Google Cloud as a workload meets: the Security Token Service, IAM Credentials and one
/// API that looks at tokens. It believes nothing that it was not told: a pool's provider has an
/// issuer and a condition, the issuer's keys come by discovery, a principal is a service account
/// only where a policy says so, and a boundary holds.
///
/// On http, on this machine.
final class GoogleEmulator implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "urn:ietf:params:oauth:token-type:";
    private static final String GENERATE = ":generateAccessToken";
    private static final String ACCOUNTS = "/v1/projects/-/serviceAccounts/";
    private static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String IAM_SCOPE = "https://www.googleapis.com/auth/iam";
    private static final Duration HOUR = Duration.ofHours(1);

    /// @param subject what the provider's condition demands
    /// @param audiences that it takes
    private record Provider(String issuer, String subject, Set<String> audiences) {}

    /// @param boundary null: none
    private record Given(
            String principal,
            @Nullable String serviceAccount,
            Set<String> scopes,
            Instant expires,
            @Nullable JsonNode boundary) {}

    private static final class No extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final transient ObjectNode body;

        No(int status, ObjectNode body) {
            super(body.toString());
            this.status = status;
            this.body = body;
        }
    }

    private final HttpServer server;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Provider> providers = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> policies = new ConcurrentHashMap<>();
    private final Map<String, Given> given = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger cutting = new AtomicInteger();

    /// @param http by which issuers are asked
    GoogleEmulator(HttpClient http) throws IOException {
        this.http = http;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/v1/token", this::token);
        serve(ACCOUNTS, this::generateAccessToken);
        serve("/v1/introspect", this::introspect);
        serve("/storage/", this::read);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// What `gcloud iam workload-identity-pools providers create-oidc` would do.
    void trust(String provider, String issuer, String subject) {
        providers.put(
                provider, new Provider(issuer, subject, Set.of(provider, "https:" + provider)));
    }

    /// The same with `--allowed-audiences`, which replaces the provider's own names.
    void trust(String provider, String issuer, String subject, String audience) {
        providers.put(provider, new Provider(issuer, subject, Set.of(audience)));
    }

    /// What `gcloud iam service-accounts add-iam-policy-binding` would do.
    void bind(String principal, String serviceAccount) {
        policies.computeIfAbsent(serviceAccount, _ -> ConcurrentHashMap.newKeySet()).add(principal);
    }

    /// Closes the connection instead of answering this many requests of IAM Credentials.
    void cutNext(int requests) {
        cutting.set(requests);
    }

    /// Every token that was given.
    Set<String> tokens() {
        return Set.copyOf(given.keySet());
    }

    /// Paths, and for forms which parameters.
    List<String> asked() {
        return List.copyOf(asked);
    }

    private interface Door {
        ObjectNode answer(HttpExchange exchange, String body) throws No, IOException;
    }

    private void serve(String path, Door door) {
        server.createContext(
                path,
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    asked.add(exchange.getRequestURI().getPath());
                    int status = 200;
                    ObjectNode answer;
                    try {
                        answer = door.answer(exchange, body);
                    } catch (No no) {
                        status = no.status;
                        answer = no.body;
                    }
                    byte[] bytes = answer.toString().getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(status, bytes.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
    }

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private static No oauth(String error, String why) {
        return new No(400, object().put("error", error).put("error_description", why));
    }

    private static No api(int code, String status, String why) {
        ObjectNode body = object();
        body.putObject("error").put("code", code).put("status", status).put("message", why);
        return new No(code, body);
    }

    private ObjectNode token(HttpExchange exchange, String body) throws No {
        if (!String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/x-www-form-urlencoded")) {
            throw oauth("invalid_request", "not a form");
        }
        Map<String, String> form = form(body);
        if (!"urn:ietf:params:oauth:grant-type:token-exchange".equals(form.get("grant_type"))
                || !(TYPE + "access_token").equals(form.get("requested_token_type"))) {
            throw oauth("invalid_request", "not a token exchange");
        }
        String subject = String.valueOf(form.get("subject_token"));
        return switch (String.valueOf(form.get("subject_token_type"))) {
            case TYPE + "jwt" -> federated(form, subject);
            case TYPE + "access_token" -> bounded(form, subject);
            default -> throw oauth("invalid_request", "subject_token_type");
        };
    }

    private ObjectNode federated(Map<String, String> form, String token) throws No {
        String audience = String.valueOf(form.get("audience"));
        Provider provider = providers.get(audience);
        if (provider == null) {
            throw oauth("invalid_target", "no such provider");
        }
        Set<String> scopes = scopes(form.get("scope"));
        String subject = verified(token, provider);
        if (!subject.equals(provider.subject)) {
            throw oauth("unauthorized_client", "rejected by the attribute condition");
        }
        String pool = audience.substring(0, audience.indexOf("/providers/"));
        return answer(
                "ya29.d.",
                new Given(
                        "principal:" + pool + "/subject/" + subject,
                        null,
                        scopes,
                        Instant.now().plus(HOUR),
                        null),
                true);
    }

    /// @return the subject
    private String verified(String token, Provider trusted) throws No {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Instant now = Instant.now();
            if (!trusted.issuer.equals(claims.getIssuer())) {
                throw oauth("invalid_grant", "issuer");
            }
            if (claims.getAudience().size() != 1
                    || !trusted.audiences.contains(claims.getAudience().getFirst())) {
                throw oauth("invalid_grant", "audience");
            }
            if (claims.getExpirationTime() == null
                    || claims.getIssueTime() == null
                    || !claims.getExpirationTime().toInstant().isAfter(now)
                    || claims.getIssueTime().toInstant().isAfter(now.plusSeconds(60))) {
                throw oauth("invalid_grant", "time");
            }
            if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256)) {
                throw oauth("invalid_grant", "algorithm");
            }
            JWK key = keys(trusted.issuer).getKeyByKeyId(jwt.getHeader().getKeyID());
            if (key == null || !jwt.verify(new ECDSAVerifier(key.toECKey()))) {
                throw oauth("invalid_grant", "signature");
            }
            return claims.getSubject();
        } catch (ParseException | JOSEException e) {
            throw oauth("invalid_grant", "not a token");
        }
    }

    private JWKSet keys(String issuer) throws No, ParseException {
        try {
            JsonNode metadata = JSON.readTree(get(issuer + "/.well-known/openid-configuration"));
            if (!metadata.path("issuer").asText().equals(issuer)) {
                throw oauth("invalid_grant", "the issuer's document is another's");
            }
            return JWKSet.parse(get(metadata.path("jwks_uri").asText()));
        } catch (IOException e) {
            throw oauth("invalid_grant", "the issuer's keys cannot be had");
        }
    }

    private String get(String url) throws IOException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private ObjectNode bounded(Map<String, String> form, String token) throws No {
        Given source = given.get(token);
        if (source == null || !source.expires.isAfter(Instant.now())) {
            throw oauth("invalid_grant", "no such token");
        }
        String options = String.valueOf(form.get("options"));
        JsonNode boundary;
        try {
            // Clients of some languages escape it once more.
            boundary =
                    JSON.readTree(
                                    options.startsWith("%")
                                            ? URLDecoder.decode(options, UTF_8)
                                            : options)
                            .path("accessBoundary")
                            .path("accessBoundaryRules");
        } catch (IOException e) {
            throw oauth("invalid_request", "options");
        }
        if (!boundary.isArray() || boundary.isEmpty() || boundary.size() > 10) {
            throw oauth("invalid_request", "accessBoundaryRules");
        }
        return answer(
                "ya29.dr.",
                new Given(
                        source.principal,
                        source.serviceAccount,
                        source.scopes,
                        source.expires,
                        boundary),
                source.serviceAccount != null);
    }

    private ObjectNode answer(String prefix, Given what, boolean saysWhen) {
        ObjectNode answer =
                object().put("access_token", remember(prefix, what))
                        .put("issued_token_type", TYPE + "access_token")
                        .put("token_type", "Bearer");
        if (saysWhen) {
            answer.put(
                    "expires_in",
                    Duration.between(Instant.now(), what.expires).plusMillis(999).toSeconds());
        }
        return answer;
    }

    private String remember(String prefix, Given what) {
        String token = prefix + UUID.randomUUID().toString().replace("-", "") + "_emulated";
        given.put(token, what);
        return token;
    }

    private ObjectNode generateAccessToken(HttpExchange exchange, String body)
            throws No, IOException {
        if (cutting.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.close();
            throw new IOException("cut");
        }
        Given bearer = bearer(exchange);
        if (!bearer.scopes.contains(PLATFORM) && !bearer.scopes.contains(IAM_SCOPE)) {
            throw api(403, "PERMISSION_DENIED", "insufficient authentication scopes");
        }
        String path = exchange.getRequestURI().getPath();
        if (!path.endsWith(GENERATE)) {
            throw api(404, "NOT_FOUND", "no such method");
        }
        String account = path.substring(ACCOUNTS.length(), path.length() - GENERATE.length());
        if (!policies.getOrDefault(account, Set.of()).contains(bearer.principal)) {
            throw api(403, "PERMISSION_DENIED", "iam.serviceAccounts.getAccessToken denied");
        }
        JsonNode asks = JSON.readTree(body);
        List<String> scopes = new ArrayList<>();
        asks.path("scope").forEach(scope -> scopes.add(scope.asText()));
        String lifetime = asks.path("lifetime").asText("3600s");
        if (scopes.isEmpty() || !lifetime.matches("[0-9]{1,6}s")) {
            throw api(400, "INVALID_ARGUMENT", "scope or lifetime");
        }
        Duration life = Duration.ofSeconds(Long.parseLong(lifetime.replace("s", "")));
        if (life.isZero() || life.compareTo(HOUR) > 0) {
            throw api(400, "INVALID_ARGUMENT", "lifetime");
        }
        Instant expires = Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
        return object().put(
                        "accessToken",
                        remember(
                                "ya29.c.",
                                new Given(
                                        bearer.principal,
                                        account,
                                        new TreeSet<>(scopes),
                                        expires,
                                        null)))
                .put("expireTime", expires.toString());
    }

    /// RFC 7662, as gcloud asks it to find out whom it has signed in.
    private ObjectNode introspect(HttpExchange exchange, String body) {
        Given token = given.get(String.valueOf(form(body).get("token")));
        return token == null
                ? object().put("active", false)
                : object().put("active", true).put("username", who(token));
    }

    /// Of `/storage/BUCKET`.
    private ObjectNode read(HttpExchange exchange, String body) throws No {
        Given token = bearer(exchange);
        String bucket = exchange.getRequestURI().getPath().substring("/storage/".length());
        String resource = "//storage.googleapis.com/projects/_/buckets/" + bucket;
        boolean within = token.boundary == null;
        if (token.boundary != null) {
            for (JsonNode rule : token.boundary) {
                within |= rule.path("availableResource").asText().equals(resource);
            }
        }
        if (!within) {
            throw api(403, "PERMISSION_DENIED", "beyond the access boundary");
        }
        return object().put("bucket", bucket)
                .put("who", who(token))
                .put("scope", String.join(" ", token.scopes));
    }

    private static String who(Given token) {
        return token.serviceAccount == null ? token.principal : token.serviceAccount;
    }

    private Given bearer(HttpExchange exchange) throws No {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        Given token = header.startsWith("Bearer ") ? given.get(header.substring(7)) : null;
        if (token == null || !token.expires.isAfter(Instant.now())) {
            throw api(401, "UNAUTHENTICATED", "no such token");
        }
        return token;
    }

    private static Set<String> scopes(@Nullable String written) throws No {
        if (written == null || written.isEmpty()) {
            throw oauth("invalid_scope", "none");
        }
        return new TreeSet<>(Arrays.asList(written.split(" ")));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            fields.put(
                    URLDecoder.decode(pair.substring(0, equals), UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
