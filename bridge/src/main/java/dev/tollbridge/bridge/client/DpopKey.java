package dev.tollbridge.bridge.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A P-256 key that a credential can be bound to (RFC 9449).
public final class DpopKey {

    private final ECKey key;

    private DpopKey(ECKey key) {
        this.key = key;
    }

    public static DpopKey generate() {
        try {
            return new DpopKey(new ECKeyGenerator(Curve.P_256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /// From a private JWK (RFC 7517).
    ///
    /// @throws IllegalArgumentException when it is not one with a P-256 key
    public static DpopKey parse(Secret jwk) {
        try {
            ECKey key = ECKey.parse(jwk.reveal());
            if (key.isPrivate() && Curve.P_256.equals(key.getCurve())) {
                return new DpopKey(key);
            }
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            // Their messages quote the key. Said below, without.
        }
        throw new IllegalArgumentException("not a private JWK with a P-256 key");
    }

    /// The private JWK.
    public Secret jwk() {
        return Secret.of(key.toJSONString());
    }

    /// A proof for one request (RFC 9449 section 4.2).
    ///
    /// @param nonce what the server asked for; null: it did not
    public Secret proof(String method, URI url, @Nullable String nonce, Instant now) {
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .jwtID(UUID.randomUUID().toString())
                        .claim("htm", method)
                        .claim("htu", url.toString())
                        .issueTime(Date.from(now));
        if (nonce != null) {
            claims.claim("nonce", nonce);
        }
        SignedJWT proof =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(new JOSEObjectType("dpop+jwt"))
                                .jwk(key.toPublicJWK())
                                .build(),
                        claims.build());
        try {
            proof.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a P-256 key signs ES256", e);
        }
        return Secret.of(proof.serialize());
    }
}
