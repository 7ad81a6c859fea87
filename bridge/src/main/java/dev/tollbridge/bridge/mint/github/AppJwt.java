package dev.tollbridge.bridge.mint.github;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/// How an App shows GitHub that it is itself (GitHub Docs, "Generating a JSON Web Token for a
/// GitHub App").
final class AppJwt {

    /// GitHub's advice against clocks that differ.
    static final Duration BACKDATED = Duration.ofSeconds(60);

    /// GitHub takes at most ten minutes, by its own clock. One request is made with it.
    static final Duration LIFE = Duration.ofMinutes(2);

    private AppJwt() {}

    /// @param app the App's id or client id
    static Secret of(String app, PrivateKey key, Instant now) throws MintFailure {
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).build(),
                        new JWTClaimsSet.Builder()
                                .issuer(app)
                                .issueTime(Date.from(now.minus(BACKDATED)))
                                .expirationTime(Date.from(now.plus(LIFE)))
                                .build());
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new MintFailure(
                    RefusalReason.INTERNAL,
                    "this platform cannot sign with the App's key",
                    true,
                    null);
        }
        return Secret.of(jwt.serialize());
    }
}
