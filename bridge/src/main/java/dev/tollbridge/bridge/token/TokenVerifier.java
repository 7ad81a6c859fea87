package dev.tollbridge.bridge.token;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Verifies a subject token against the issuer it was resolved to.
///
/// When several things are wrong, the first of these is the reason:
/// 1. form: `token_malformed`, by the {@link TokenParser};
/// 2. issuer: `issuer_unknown`; and an `aud` that fits none of the trusted issuers with this `iss`:
///    `audience_mismatch`. Both are said by the issuer registry, before the signature is looked at,
///    because without them there is no telling whose keys to use;
/// 3. an algorithm the issuer does not sign with: `signature_invalid`, before any key is looked
///    for, so that nobody causes a fetch with it; then `key_unknown`, `issuer_unavailable`,
///    `signature_invalid`;
/// 4. audience once more, by the issuer that verified;
/// 5. `exp`, `iat`, `nbf` by type: `claim_malformed`; by value: `token_expired`,
///    `token_not_yet_valid`, `token_too_old`, `token_too_long_lived`;
/// 6. `sub`, `jti`, the types the preset gives claims, the Kubernetes rules: `claim_malformed`;
/// 7. TokenReview: `subject_gone`, `issuer_unavailable`.
///
/// Times are compared to the millisecond with the issuer's clock skew granted to the token: it is
/// valid from `nbf - skew` and `iat - skew` (included) to `exp + skew` (excluded), and not too old
/// up to `iat + maxTokenAge + skew` (included). `exp - iat` is compared without skew.
public final class TokenVerifier {

    private static final int MAX_SUBJECT = 1024;
    private static final int MAX_JTI = 256;

    /// 2^53: beyond it a reader that keeps numbers as doubles would see another instant.
    private static final long MAX_INSTANT = 1L << 53;

    private final IssuerKeys keys;
    private final TokenReviewer reviewer;
    private final InstantSource clock;

    /// By identity, and only as long as the configuration that made the issuer is in use: an issuer
    /// is a large record, and hashing one for each token would cost more than checking the types.
    private final LoadingCache<TrustedIssuer, ClaimTypes> claimTypes =
            Caffeine.newBuilder().weakKeys().build(issuer -> ClaimTypes.of(issuer.claimTypes()));

    public TokenVerifier(IssuerKeys keys, TokenReviewer reviewer, InstantSource clock) {
        this.keys = keys;
        this.reviewer = reviewer;
        this.clock = clock;
    }

    /// @throws Refusal when anything about the token does not hold
    public VerifiedToken verify(SubjectToken token, TrustedIssuer issuer) {
        if (!token.issuer().equals(issuer.issuer())) {
            throw new Refusal(
                    RefusalReason.ISSUER_UNKNOWN,
                    "`iss` is not that of trusted issuer " + issuer.name());
        }
        checkSignature(token, issuer);
        if (token.audience().size() != 1
                || !token.audience().getFirst().equals(issuer.audience())) {
            throw new Refusal(
                    RefusalReason.AUDIENCE_MISMATCH,
                    "`aud` is not exactly the audience of trusted issuer " + issuer.name());
        }
        Claims claims = token.claims();
        long expires = instant(claims, "exp");
        long issued = instant(claims, "iat");
        checkTimes(claims, expires, issued, issuer);
        checkSubject(claims);
        String jti = jti(claims, issuer);
        claimTypes.get(issuer).check(claims);
        if (issuer.kubernetes()) {
            KubernetesClaims.check(claims, issuer.requirePod());
        }
        if (issuer.tokenReview() != null) {
            reviewer.review(issuer, compact(token));
        }
        return new VerifiedToken(
                issuer,
                claims,
                token.fingerprint(),
                replayKey(token, issuer, jti),
                Instant.ofEpochSecond(issued),
                Instant.ofEpochSecond(expires));
    }

    /// A token that was verified before, from what a session kept of it: the other way to a
    /// verified subject. Signature and times were judged then, and the session's own end has taken
    /// their place; everything that today's issuer says of claims is judged anew.
    ///
    /// @param claims all of the token's, from where nobody but the bridge can have put them
    /// @throws Refusal `issuer_unknown` when the issuer of that name is not the one that verified
    ///   the token; `claim_malformed`; `subject_gone` for an issuer whose tokens are reviewed each
    ///   time, because there is no token to show
    public VerifiedToken recall(
            Claims claims, String fingerprint, String jtiHash, TrustedIssuer issuer) {
        Object audience = claims.get("aud");
        if (!issuer.issuer().equals(claims.string("iss"))
                || !(issuer.audience().equals(audience)
                        || List.of(issuer.audience()).equals(audience))) {
            throw new Refusal(
                    RefusalReason.ISSUER_UNKNOWN,
                    "trusted issuer " + issuer.name() + " is another one than when it began");
        }
        long expires = instant(claims, "exp");
        long issued = instant(claims, "iat");
        checkSubject(claims);
        claimTypes.get(issuer).check(claims);
        if (issuer.kubernetes() || issuer.tokenReview() != null) {
            throw new Refusal(
                    RefusalReason.SUBJECT_GONE, "whether the pod still runs cannot be asked");
        }
        return new VerifiedToken(
                issuer,
                claims,
                fingerprint,
                jtiHash,
                Instant.ofEpochSecond(issued),
                Instant.ofEpochSecond(expires));
    }

    private void checkSignature(SubjectToken token, TrustedIssuer issuer) {
        String algorithm = token.algorithm();
        if (!issuer.algorithms().contains(algorithm)) {
            throw new Refusal(
                    RefusalReason.SIGNATURE_INVALID,
                    algorithm + " is not among the algorithms of trusted issuer " + issuer.name());
        }
        if (!Signatures.fits(algorithm, token.signature())) {
            throw new Refusal(
                    RefusalReason.SIGNATURE_INVALID, "not the form of a signature by " + algorithm);
        }
        VerificationKey key = keys.key(issuer, algorithm, token.keyId());
        // A key is for one algorithm, whatever the token says (RFC 8725 section 3.1).
        if (!key.algorithm().equals(algorithm)) {
            throw new Refusal(RefusalReason.SIGNATURE_INVALID, "the key is for another algorithm");
        }
        if (!Signatures.holds(key, token.signingInput(), token.signature())) {
            throw new Refusal(
                    RefusalReason.SIGNATURE_INVALID,
                    "not signed by the key that the token names of trusted issuer "
                            + issuer.name());
        }
    }

    /// Seconds since 1970, by type: nothing is rounded, parsed from text or taken as zero.
    private static long instant(Claims claims, String name) {
        Long seconds = claims.integer(name);
        if (seconds == null || seconds < 0 || seconds > MAX_INSTANT) {
            throw malformed("`" + name + "` is not an integer from 0 to 2^53");
        }
        return seconds;
    }

    private void checkTimes(Claims claims, long expires, long issued, TrustedIssuer issuer) {
        long now = clock.millis();
        long skew = issuer.clockSkew().toMillis();
        long notBefore = claims.has("nbf") ? instant(claims, "nbf") : 0;
        if (expires <= issued) {
            throw malformed("`exp` is not after `iat`");
        }
        if (now >= expires * 1000 + skew) {
            throw new Refusal(
                    RefusalReason.TOKEN_EXPIRED,
                    "expired " + (now / 1000 - expires) + " s ago by the bridge's clock");
        }
        if (now < notBefore * 1000 - skew) {
            throw new Refusal(
                    RefusalReason.TOKEN_NOT_YET_VALID,
                    "`nbf` is " + (notBefore - now / 1000) + " s ahead of the bridge's clock");
        }
        if (now < issued * 1000 - skew) {
            throw new Refusal(
                    RefusalReason.TOKEN_NOT_YET_VALID,
                    "`iat` is " + (issued - now / 1000) + " s ahead of the bridge's clock");
        }
        if (issuer.maxTokenAge() != null
                && now - issued * 1000 > issuer.maxTokenAge().toMillis() + skew) {
            throw new Refusal(
                    RefusalReason.TOKEN_TOO_OLD, "issued " + (now / 1000 - issued) + " s ago");
        }
        if (expires - issued > issuer.maxTokenLifetime().toSeconds()) {
            throw new Refusal(
                    RefusalReason.TOKEN_TOO_LONG_LIVED,
                    "lives " + (expires - issued) + " s from `iat` to `exp`");
        }
    }

    private static void checkSubject(Claims claims) {
        String subject = claims.string("sub");
        if (subject == null || subject.isEmpty() || subject.length() > MAX_SUBJECT) {
            throw malformed("`sub` is not a string of 1 to 1024 characters");
        }
        for (int i = 0; i < subject.length(); i++) {
            if (Character.isISOControl(subject.charAt(i))) {
                throw malformed("`sub` has a control character");
            }
        }
    }

    private static @Nullable String jti(Claims claims, TrustedIssuer issuer) {
        if (!claims.has("jti")) {
            if (issuer.requiresJti()) {
                throw malformed("no `jti`, which every token of this issuer has");
            }
            return null;
        }
        String jti = claims.string("jti");
        if (jti == null || jti.isEmpty() || jti.length() > MAX_JTI) {
            throw malformed("`jti` is not a string of 1 to 256 characters");
        }
        return jti;
    }

    /// A token without `jti` is known by what was signed, not by its signature: an ECDSA signature
    /// can be changed by anyone into another that verifies.
    private static String replayKey(
            SubjectToken token, TrustedIssuer issuer, @Nullable String jti) {
        MessageDigest digest = Digest.sha256();
        Digest.field(digest, jti == null ? "signed" : "jti");
        Digest.field(digest, issuer.issuer());
        Digest.field(digest, issuer.audience());
        Digest.field(digest, jti == null ? token.signingInput() : Digest.utf8(jti));
        return Digest.hex128(digest.digest());
    }

    /// The token as it came: the parser takes one spelling only, so this is the same one.
    private static Secret compact(SubjectToken token) {
        return Secret.of(
                new String(token.signingInput(), StandardCharsets.US_ASCII)
                        + "."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(token.signature()));
    }

    private static Refusal malformed(String rule) {
        return new Refusal(RefusalReason.CLAIM_MALFORMED, rule);
    }
}
