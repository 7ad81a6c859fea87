package dev.tollbridge.bridge.testing.aws;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Judges a web identity token as IAM does: the issuer is one it was told of, the keys are found by
/// discovery, and everything the token says is checked.
final class WebIdentity {

    private static final String TAGS = "https://aws.amazon.com/tags";
    private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

    /// @param sourceIdentity empty: none
    record Accepted(
            String subject,
            Map<String, String> tags,
            List<String> transitive,
            String sourceIdentity) {}

    /// Carries the code that AWS answers with.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Refused(String code, String why) {
            super(why);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    private final String provider;
    private final String audience;
    private final UnaryOperator<String> reached;
    private final InstantSource clock;
    private final HttpClient http = HttpClient.newHttpClient();

    /// @param provider the URL of the IAM identity provider
    /// @param reached where a URL of the provider is in this test
    WebIdentity(
            String provider, String audience, UnaryOperator<String> reached, InstantSource clock) {
        this.clock = clock;
        this.provider = provider;
        this.audience = audience;
        this.reached = reached;
    }

    Accepted judge(String token) throws Refused {
        try {
            return accepted(token);
        } catch (Refused e) {
            throw e;
        } catch (Exception e) {
            throw new Refused("InvalidIdentityToken", String.valueOf(e));
        }
    }

    private Accepted accepted(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        if (!provider.equals(claims.getIssuer())) {
            throw new Refused("InvalidIdentityToken", "no provider for " + claims.getIssuer());
        }
        if (!List.of(audience).equals(claims.getAudience())) {
            throw new Refused("InvalidIdentityToken", "audience " + claims.getAudience());
        }
        if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())) {
            throw new Refused("InvalidIdentityToken", "algorithm");
        }
        if (!jwt.verify(new ECDSAVerifier(key(jwt.getHeader().getKeyID())))) {
            throw new Refused("InvalidIdentityToken", "signature");
        }
        Instant now = clock.instant();
        if (!claims.getExpirationTime().toInstant().isAfter(now)) {
            throw new Refused("ExpiredTokenException", "expired");
        }
        if (claims.getIssueTime().toInstant().isAfter(now.plusSeconds(5))) {
            throw new Refused("InvalidIdentityToken", "issued in the future");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.length() < 6 || subject.length() > 255) {
            throw new Refused("InvalidIdentityToken", "subject");
        }
        Map<String, String> tags = new HashMap<>();
        List<String> transitive = List.of();
        if (claims.getClaim(TAGS) instanceof Map<?, ?> claim) {
            tags = tags(claim);
            transitive =
                    claim.get("transitive_tag_keys") instanceof List<?> keys
                            ? keys.stream().map(String::valueOf).toList()
                            : List.of();
            if (!tags.keySet().containsAll(transitive)) {
                throw new Refused("InvalidIdentityToken", "transitive tags that are none");
            }
        }
        String source = claims.getClaim(SOURCE_IDENTITY) instanceof String identity ? identity : "";
        if (!source.isEmpty() && !source.matches("[\\w+=,.@-]{2,64}")) {
            throw new Refused("InvalidIdentityToken", "source identity");
        }
        return new Accepted(subject, tags, transitive, source);
    }

    private static Map<String, String> tags(Map<?, ?> claim) throws Refused {
        Map<String, String> tags = new HashMap<>();
        if (!(claim.get("principal_tags") instanceof Map<?, ?> principal)) {
            throw new Refused("InvalidIdentityToken", "no principal_tags");
        }
        for (Map.Entry<?, ?> tag : principal.entrySet()) {
            if (!(tag.getValue() instanceof List<?> values)
                    || values.size() != 1
                    || !(values.getFirst() instanceof String value)
                    || !value.matches("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}")) {
                throw new Refused("InvalidIdentityToken", "a tag's value");
            }
            tags.put(String.valueOf(tag.getKey()), value);
        }
        return tags;
    }

    private ECKey key(String kid) throws Exception {
        Object issuer = document(provider + "/.well-known/openid-configuration").get("issuer");
        if (!provider.equals(issuer)) {
            throw new Refused("IDPCommunicationError", "discovery is of " + issuer);
        }
        Object keys = document(provider + "/.well-known/openid-configuration").get("jwks_uri");
        JWK key = JWKSet.parse(document(String.valueOf(keys))).getKeyByKeyId(kid);
        if (key == null) {
            throw new Refused("InvalidIdentityToken", "no such key");
        }
        return key.toECKey();
    }

    private Map<String, Object> document(String url) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(reached.apply(url))).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new Refused("IDPCommunicationError", url + " answers " + answer.statusCode());
        }
        return JSONObjectUtils.parse(answer.body());
    }
}
