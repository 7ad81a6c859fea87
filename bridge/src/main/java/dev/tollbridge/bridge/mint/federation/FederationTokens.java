package dev.tollbridge.bridge.mint.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tollbridge.bridge.claims.PooledJson;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.signing.TokenSigner;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Signs what a provider is shown (DESIGN 6): by the federation issuer's own keys, living {@link
/// #LIFE}, `sub` naming exactly one target, so that a trust policy can name exactly one target too.
public final class FederationTokens {

    /// Longer than a provider needs to look at it, too short to be of use to anybody else.
    public static final Duration LIFE = Duration.ofSeconds(60);

    private final TokenSigner signer;
    private final String issuer;
    private final InstantSource clock;

    /// @param signer of the federation issuer
    /// @param issuer its URL
    public FederationTokens(TokenSigner signer, String issuer, InstantSource clock) {
        this.signer = signer;
        this.issuer = issuer;
        this.clock = clock;
    }

    public String issuer() {
        return issuer;
    }

    /// The name by which providers know the federation issuer of a bridge.
    ///
    /// @param externalUrl the bridge's own, without a slash at its end
    public static String issuerOf(String externalUrl) {
        return OwnIssuer.FEDERATION.url(externalUrl);
    }

    /// The `sub` by which a provider knows a target: `target:<kind>:<name>`.
    public static String subject(Target target) {
        return "target:" + target.kind() + ":" + target.name();
    }

    /// Makes and publishes a key for the algorithm if there is none.
    public void prepare(SigningAlgorithm algorithm) {
        signer.prepare(algorithm);
    }

    /// @param audience fixed per kind of target, never a caller's choice
    /// @param more further claims, such as AWS session tags; must not name a registered one
    /// @throws MintFailure `internal` when there is no key to sign with
    public Secret tokenFor(
            Decision decision,
            String issuance,
            String audience,
            SigningAlgorithm algorithm,
            Map<String, ?> more)
            throws MintFailure {
        Map<String, Object> claims = new LinkedHashMap<>(more);
        claims.putAll(registered(issuer, subject(decision.target()), audience, issuance));
        if (claims.size() != more.size() + 7) {
            throw new IllegalArgumentException("a registered claim is the bridge's to set");
        }
        return signed(algorithm, claims);
    }

    /// Says that the bridge is a client of an authorization server (RFC 7523 section 3): `iss` and
    /// `sub` are the client's id, the keys are the federation issuer's.
    ///
    /// @param clientId never the federation issuer's own name: that would be a token of it
    /// @param id unique: a server may take each once
    /// @throws MintFailure `internal` when there is no key to sign with
    public Secret clientAssertion(
            String clientId, String audience, SigningAlgorithm algorithm, String id)
            throws MintFailure {
        if (clientId.equals(issuer)) {
            throw MintFailure.refused("a client cannot have the name of the federation issuer");
        }
        return signed(algorithm, registered(clientId, clientId, audience, id));
    }

    private Map<String, Object> registered(
            String from, String subject, String audience, String id) {
        // The present, not the decision's moment: waiting for a provider must not shorten it.
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", from);
        claims.put("sub", subject);
        claims.put("aud", audience);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(LIFE).getEpochSecond());
        claims.put("jti", id);
        return claims;
    }

    private Secret signed(SigningAlgorithm algorithm, Map<String, Object> claims)
            throws MintFailure {
        try {
            return signer.sign(algorithm, "JWT", PooledJson.MAPPER.writeValueAsBytes(claims));
        } catch (KeyringUnavailable e) {
            throw new MintFailure(
                    RefusalReason.INTERNAL, String.valueOf(e.getMessage()), true, null);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims are JSON values", e);
        }
    }
}
