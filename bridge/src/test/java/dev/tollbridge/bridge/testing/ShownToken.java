package dev.tollbridge.bridge.testing;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.List;

/// A JWT that the bridge showed to somebody, judged as a careful provider would: by a published
/// key, and by every claim that a trust rule can name.
public final class ShownToken {

    /// How far a provider lets clocks differ.
    private static final long SKEW_SECONDS = 60;

    private final String algorithm;
    private final JWTClaimsSet claims;

    private ShownToken(String algorithm, JWTClaimsSet claims) {
        this.algorithm = algorithm;
        this.claims = claims;
    }

    /// @param jwks the signer's published keys
    /// @throws NotBelieved when it was not signed by one of them, or is not within its time
    public static ShownToken verified(String jwt, String jwks, Instant now) throws NotBelieved {
        try {
            SignedJWT token = SignedJWT.parse(jwt);
            JWK key = JWKSet.parse(jwks).getKeyByKeyId(token.getHeader().getKeyID());
            if (key == null || !key.getAlgorithm().equals(token.getHeader().getAlgorithm())) {
                throw new NotBelieved("key");
            }
            JWSVerifier verifier =
                    new DefaultJWSVerifierFactory()
                            .createJWSVerifier(
                                    token.getHeader(), ((AsymmetricJWK) key).toPublicKey());
            if (!token.verify(verifier)) {
                throw new NotBelieved("signature");
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            long present = now.getEpochSecond();
            if (seconds(claims, "exp") <= present - SKEW_SECONDS
                    || seconds(claims, "nbf") > present + SKEW_SECONDS
                    || seconds(claims, "exp") > present + 600) {
                throw new NotBelieved("time");
            }
            return new ShownToken(token.getHeader().getAlgorithm().getName(), claims);
        } catch (java.text.ParseException | com.nimbusds.jose.JOSEException | RuntimeException e) {
            throw new NotBelieved("form: " + e);
        }
    }

    private static long seconds(JWTClaimsSet claims, String name) throws java.text.ParseException {
        return claims.getDateClaim(name).toInstant().getEpochSecond();
    }

    /// Loads what verifying needs, so that no deadline of a test starts before.
    public static void warmUp() {
        TestIssuer issuer = TestIssuer.rsa();
        Instant now = Instant.now();
        String token = issuer.sign(Tokens.plain("https://warm.example", "warm", now), "key-1");
        try {
            verified(token, issuer.jwks(), now);
        } catch (NotBelieved e) {
            throw new IllegalStateException(e);
        }
    }

    /// One of: the algorithm and each claim must be exactly this.
    public ShownToken is(String alg, String issuer, String subject, String audience)
            throws NotBelieved {
        require(algorithm.equals(alg), "alg");
        require(issuer.equals(claims.getIssuer()), "iss");
        require(subject.equals(claims.getSubject()), "sub");
        require(List.of(audience).equals(claims.getAudience()), "aud");
        require(claims.getJWTID() != null && !claims.getJWTID().isEmpty(), "jti");
        return this;
    }

    public JWTClaimsSet claims() {
        return claims;
    }

    private static void require(boolean holds, String what) throws NotBelieved {
        if (!holds) {
            throw new NotBelieved(what);
        }
    }

    /// Names what is wrong with it.
    public static final class NotBelieved extends Exception {
        private static final long serialVersionUID = 1L;

        NotBelieved(String what) {
            super(what);
        }
    }
}
