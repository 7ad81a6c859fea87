package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Verifies DPoP proofs (RFC 9449 section 4.3).
///
/// A proof is read as strictly as a subject token. Its header has `typ` (`dpop+jwt`), `alg`, `jwk`
/// and perhaps a `kid`, which is ignored, and nothing else. Its key is admitted by the same rules
/// as published ones, and must be written the one canonical way, so that a key has one thumbprint.
/// Its `iat` may be 60 s old, and 30 s more on either side for clocks that disagree. Within that
/// time a proof counts once. A nonce, where the proof has one, must be good; whether it needs one
/// is for {@link NoncePolicy}.
public final class DpopVerifier {

    /// Whether a proof must carry a nonce of ours.
    public enum NoncePolicy {
        OPTIONAL,
        REQUIRED
    }

    /// JOSE names of what a proof may be signed with, for `dpop_signing_alg_values_supported` (RFC
    /// 9449 section 5.1).
    public static final List<String> ALGORITHMS =
            List.of(
                    "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                    "EdDSA", "Ed25519");

    private static final Set<String> HEADERS = Set.of("typ", "alg", "jwk", "kid");
    private static final int MAX_JTI = 256;
    private static final long WINDOW_SECONDS = 60;
    private static final long SKEW_SECONDS = 30;
    private static final int DEFAULT_CAPACITY = 500_000;

    private final ProofKeyAdmission admission;
    private final DpopNonces nonces;
    private final NoncePolicy policy;
    private final ProofMemory memory;

    public DpopVerifier(ProofKeyAdmission admission, DpopNonces nonces, NoncePolicy policy) {
        this(admission, nonces, policy, DEFAULT_CAPACITY);
    }

    /// @param capacity how many proofs are remembered at most; about 80 bytes each
    DpopVerifier(ProofKeyAdmission admission, DpopNonces nonces, NoncePolicy policy, int capacity) {
        this.admission = admission;
        this.nonces = nonces;
        this.policy = policy;
        this.memory = new ProofMemory(capacity);
    }

    /// Takes the proof's one use, so call it after everything that does not need it.
    ///
    /// @param headers the values of the `DPoP` header, as sent
    /// @param method the request's method
    /// @param url the door's public URL, without query and fragment
    /// @param accessTokenHash base64url SHA-256 of the access token the proof must name in `ath`;
    ///   null: none was presented
    /// @return the RFC 7638 SHA-256 thumbprint of the key proved, base64url; null when there is no
    ///   header, which proves nothing
    /// @throws Refusal `proof_invalid`; carries a fresh nonce where the caller has to use one
    ///   ({@link Refusal#dpopNonce()}). `overloaded` when too many proofs are remembered
    public @Nullable String verify(
            List<String> headers,
            String method,
            String url,
            Instant now,
            @Nullable String accessTokenHash) {
        if (headers.isEmpty()) {
            return null;
        }
        if (headers.size() != 1) {
            throw invalid("more than one DPoP header");
        }
        CompactJws proof =
                CompactJws.parse(headers.getFirst(), HEADERS, RefusalReason.PROOF_INVALID);
        if (!"dpop+jwt".equalsIgnoreCase(proof.header().string("typ"))) {
            throw invalid("`typ` is not dpop+jwt");
        }
        Map<String, @Nullable Object> jwk = jwk(proof.header());
        checkSignature(proof, jwk);
        Claims claims = proof.payload();
        checkRequest(claims, method, url, accessTokenHash);
        long issued = issued(claims, now);
        checkNonce(claims);
        String thumbprint = KeyThumbprint.of(jwk);
        if (thumbprint == null) {
            throw invalid("`jwk` is not written canonically");
        }
        takeUse(claims, thumbprint, issued, now);
        return thumbprint;
    }

    private static Map<String, @Nullable Object> jwk(Claims header) {
        if (!(header.get("jwk") instanceof Map<?, ?> object)) {
            throw invalid("`jwk` is not an object");
        }
        Map<String, @Nullable Object> jwk = HashMap.newHashMap(object.size());
        for (Map.Entry<?, ?> member : object.entrySet()) {
            jwk.put((String) member.getKey(), member.getValue());
        }
        return jwk;
    }

    private void checkSignature(CompactJws proof, Map<String, @Nullable Object> jwk) {
        if (!Signatures.fits(proof.algorithm(), proof.signature())) {
            throw invalid("not the form of a signature by " + proof.algorithm());
        }
        VerificationKey key = admission.admit(jwk, proof.algorithm());
        if (key == null || !key.algorithm().equals(proof.algorithm())) {
            throw invalid("`jwk` is not a public key that may be used with " + proof.algorithm());
        }
        if (!Signatures.holds(key, proof.signingInput(), proof.signature())) {
            throw invalid("not signed by the key in `jwk`");
        }
    }

    private static void checkRequest(
            Claims claims, String method, String url, @Nullable String accessTokenHash) {
        if (!method.equals(claims.string("htm"))) {
            throw invalid("`htm` is not the request's method");
        }
        String expected = HttpUri.normalised(url);
        String named = claims.string("htu");
        if (named == null || expected == null || !expected.equals(HttpUri.normalised(named))) {
            throw invalid("`htu` is not the URL of this door");
        }
        if (accessTokenHash != null && !accessTokenHash.equals(claims.string("ath"))) {
            throw invalid("`ath` is not the hash of the access token");
        }
    }

    private static long issued(Claims claims, Instant now) {
        Long issued = claims.integer("iat");
        if (issued == null) {
            throw invalid("`iat` is not an integer");
        }
        long age = now.getEpochSecond() - issued;
        // Compared this way round, because the difference of a hostile number may overflow.
        if (issued > now.getEpochSecond() + SKEW_SECONDS
                || issued < now.getEpochSecond() - WINDOW_SECONDS - SKEW_SECONDS) {
            throw invalid("`iat` is " + age + " s before the bridge's clock");
        }
        return issued;
    }

    private void checkNonce(Claims claims) {
        if (!claims.has("nonce")) {
            if (policy == NoncePolicy.REQUIRED) {
                throw Refusal.useNonce("no `nonce`, which is required here", nonces.issue());
            }
            return;
        }
        String nonce = claims.string("nonce");
        if (nonce == null || !nonces.valid(nonce)) {
            throw Refusal.useNonce("`nonce` is not one of ours, or too old", nonces.issue());
        }
    }

    private void takeUse(Claims claims, String thumbprint, long issued, Instant now) {
        String jti = claims.string("jti");
        if (jti == null || jti.isEmpty() || jti.length() > MAX_JTI) {
            throw invalid("`jti` is not a string of 1 to 256 characters");
        }
        MessageDigest digest = Digest.sha256();
        Digest.field(digest, thumbprint);
        Digest.field(digest, jti);
        Instant ends = Instant.ofEpochSecond(issued + WINDOW_SECONDS + SKEW_SECONDS);
        if (!memory.first(digest.digest(), ends, now)) {
            throw invalid("this proof has been used before");
        }
    }

    /// What `ath` must be for an access token (RFC 9449 section 4.2).
    public static String accessTokenHash(String accessToken) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        Digest.sha256().digest(accessToken.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Refusal invalid(String rule) {
        return new Refusal(RefusalReason.PROOF_INVALID, rule);
    }
}
