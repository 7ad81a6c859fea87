package dev.tollbridge.bridge.token;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Verifies DPoP proofs (RFC 9449 section 4.3).
public final class DpopVerifier {

    /// @param headers the values of the `DPoP` header, as sent
    /// @param method the request's method
    /// @param url the door's public URL, without query and fragment
    /// @param accessTokenHash base64url SHA-256 of the access token the proof must name in `ath`;
    ///   null: none was presented
    /// @return the RFC 7638 SHA-256 thumbprint of the key proved, base64url; null when there is no
    ///   header, which proves nothing
    /// @throws dev.tollbridge.bridge.refusal.Refusal `proof_invalid`; carries a fresh nonce where
    ///   the caller has to use one (`Refusal.dpopNonce()`)
    public @Nullable String verify(
            List<String> headers,
            String method,
            String url,
            Instant now,
            @Nullable String accessTokenHash) {
        return headers.isEmpty() ? null : refuse(method, url, now, accessTokenHash);
    }

    private static String refuse(
            String method, String url, Instant now, @Nullable String accessTokenHash) {
        throw new UnsupportedOperationException("not yet: " + method + url + now + accessTokenHash);
    }
}
