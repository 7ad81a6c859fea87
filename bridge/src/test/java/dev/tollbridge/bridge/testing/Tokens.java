package dev.tollbridge.bridge.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds subject tokens, good and bad ones, out of pieces a test may replace one by one.
///
/// `Tokens.github(now).claim("exp", null).compact()` has no `exp`; `.rawClaims("{...}")` says
/// anything at all. Each call changes this builder and returns it.
public final class Tokens {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// What stands for "JSON null" where plain null means "leave it out".
    public static final Object JSON_NULL = Marker.JSON_NULL;

    private enum Marker {
        JSON_NULL
    }

    private final Map<String, @Nullable Object> header = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    private @Nullable String rawHeader;
    private @Nullable String rawClaims;
    private String algorithm = "RS256";
    private @Nullable KeyPair key;
    private byte @Nullable [] signature;

    private Tokens() {
        header.put("alg", "RS256");
        header.put("kid", "key-1");
        header.put("typ", "JWT");
    }

    /// A token with the claims every issuer sends, five minutes long, issued at `now`.
    public static Tokens plain(String issuer, String audience, Instant now) {
        return new Tokens()
                .claim("iss", issuer)
                .claim("aud", audience)
                .claim("sub", "job-42")
                .claim("jti", "jti-1")
                .claim("iat", now.getEpochSecond())
                .claim("nbf", now.getEpochSecond())
                .claim("exp", now.getEpochSecond() + 300);
    }

    public static Tokens github(String audience, Instant now) {
        return plain("https://token.actions.githubusercontent.com", audience, now)
                .claim("nbf", now.getEpochSecond() - 600)
                .claim("sub", "repo:acme@1001/payments@2002:environment:production")
                .claim("jti", "aaaaaaaa-0000-4000-8000-000000000041")
                .claim("repository", "acme/payments")
                .claim("repository_id", "2002")
                .claim("repository_owner", "acme")
                .claim("repository_owner_id", "1001")
                .claim("repository_visibility", "private")
                .claim("environment", "production")
                .claim("event_name", "push")
                .claim("ref", "refs/heads/main")
                .claim("ref_type", "branch")
                .claim("ref_protected", "true")
                .claim("run_id", "30001")
                .claim("run_number", "7")
                .claim("run_attempt", "1")
                .claim("actor", "octocat")
                .claim("actor_id", "583231")
                .claim("workflow", "deploy")
                .claim(
                        "job_workflow_ref",
                        "acme/payments/.github/workflows/deploy.yml@refs/heads/main")
                .claim("runner_environment", "github-hosted");
    }

    public static Tokens gitlab(String audience, Instant now) {
        return plain("https://gitlab.com", audience, now)
                .claim("sub", "project_path:acme/payments:ref_type:branch:ref:main")
                .claim("jti", "gl-1")
                .claim("namespace_id", "72")
                .claim("namespace_path", "acme")
                .claim("project_id", "20")
                .claim("project_path", "acme/payments")
                .claim("job_project_id", "20")
                .claim("job_project_path", "acme/payments")
                .claim("user_id", "1")
                .claim("user_login", "sample")
                .claim("pipeline_id", "574")
                .claim("pipeline_source", "push")
                .claim("job_id", "302")
                .claim("ref", "main")
                .claim("ref_path", "refs/heads/main")
                .claim("ref_type", "branch")
                .claim("ref_protected", "true")
                .claim("runner_id", 1)
                .claim("runner_environment", "gitlab-hosted")
                .claim("ci_config_ref_uri", JSON_NULL);
    }

    /// A projected token, bound to a pod.
    public static Tokens kubernetes(String issuer, String audience, Instant now) {
        return plain(issuer, audience, now)
                .claim("aud", List.of(audience))
                .claim("sub", "system:serviceaccount:payments:deployer")
                .claim("exp", now.getEpochSecond() + 3600)
                .claim("jti", "k8s-1")
                .claim(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                "payments",
                                "serviceaccount",
                                Map.of("name", "deployer", "uid", "sa-uid"),
                                "pod",
                                Map.of("name", "pod-1", "uid", "pod-uid"),
                                "node",
                                Map.of("name", "node-1", "uid", "node-uid")));
    }

    /// A DPoP proof (RFC 9449) by this key, whose public part goes into the header.
    public static Tokens dpop(
            String algorithm, KeyPair key, String method, String url, Instant now) {
        return new Tokens()
                .signedBy(algorithm, key)
                .header("kid", null)
                .header("typ", "dpop+jwt")
                .header("jwk", TestKeys.jwk(key))
                .claim("jti", "proof-1")
                .claim("htm", method)
                .claim("htu", url)
                .claim("iat", now.getEpochSecond());
    }

    /// @param value null: leave it out
    public Tokens claim(String name, @Nullable Object value) {
        return put(claims, name, value);
    }

    /// @param value null: leave it out
    public Tokens header(String name, @Nullable Object value) {
        return put(header, name, value);
    }

    private Tokens put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value instanceof Marker ? null : value);
        }
        return this;
    }

    /// The header as JSON text, whatever it says; signed as set.
    public Tokens rawHeader(String json) {
        rawHeader = json;
        return this;
    }

    /// The payload as JSON text.
    public Tokens rawClaims(String json) {
        rawClaims = json;
        return this;
    }

    /// Also sets `alg`.
    public Tokens signedBy(String algorithm, KeyPair key) {
        this.algorithm = algorithm;
        this.key = key;
        header.put("alg", algorithm);
        return this;
    }

    /// These bytes in place of a signature.
    public Tokens signature(byte[] bytes) {
        signature = bytes.clone();
        return this;
    }

    public String claimsJson() {
        return rawClaims == null ? json(claims) : rawClaims;
    }

    /// The token in compact form.
    public String compact() {
        String input =
                TestKeys.encode(rawHeader == null ? json(header) : rawHeader)
                        + "."
                        + TestKeys.encode(claimsJson());
        byte[] bytes = signature;
        if (bytes == null) {
            KeyPair pair = key == null ? TestKeys.of(TestKeys.kindFor(algorithm), "issuer") : key;
            bytes = TestKeys.sign(algorithm, pair, input.getBytes(StandardCharsets.US_ASCII));
        }
        return input + "." + TestKeys.encode(bytes);
    }

    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
