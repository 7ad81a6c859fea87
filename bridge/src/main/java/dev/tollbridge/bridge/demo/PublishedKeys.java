package dev.tollbridge.bridge.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Verifies a token as anybody would who knows nothing but the name of its issuer: discovery, key
/// set, signature (OpenID Connect Discovery 1.0, RFC 7517, RFC 7515).
///
/// @param jwksUri where the discovery document says the keys are
record PublishedKeys(String jwksUri, JWKSet keys) {

    static PublishedKeys of(Http http, String issuer) {
        Map<String, @Nullable Object> discovery =
                http.get(URI.create(issuer + "/.well-known/openid-configuration"), Map.of()).json();
        if (!issuer.equals(discovery.get("issuer"))
                || !(discovery.get("jwks_uri") instanceof String jwksUri)) {
            throw new ToldOtherwise("expected a discovery document that names " + issuer);
        }
        try {
            return new PublishedKeys(
                    jwksUri, JWKSet.parse(http.get(URI.create(jwksUri), Map.of()).body().reveal()));
        } catch (ParseException e) {
            throw new ToldOtherwise("expected a key set at " + jwksUri);
        }
    }

    /// What a token says, once it is certain who said it.
    ///
    /// @param keyId of the key that verified it
    record Verified(String keyId, String algorithm, Map<String, Object> claims) {}

    Verified verify(Secret token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token.reveal());
            String keyId = jwt.getHeader().getKeyID();
            JWK key = keys.getKeyByKeyId(keyId);
            if (!(key instanceof AsymmetricJWK asymmetric)) {
                throw new ToldOtherwise("expected the token's key in the published set");
            }
            JWSVerifier verifier =
                    new DefaultJWSVerifierFactory()
                            .createJWSVerifier(jwt.getHeader(), asymmetric.toPublicKey());
            if (!jwt.verify(verifier)) {
                throw new ToldOtherwise("expected the signature to verify");
            }
            return new Verified(
                    keyId,
                    jwt.getHeader().getAlgorithm().getName(),
                    jwt.getPayload().toJSONObject());
        } catch (ParseException | JOSEException e) {
            throw new ToldOtherwise("expected a signed JWT");
        }
    }
}
