package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A token that is well formed, and nothing more: anyone may have made it. Only the {@link
/// TokenParser} makes one.
public final class SubjectToken {

    private final String algorithm;
    private final @Nullable String keyId;
    private final String issuer;
    private final List<String> audience;
    private final Claims claims;
    private final byte[] signingInput;
    private final byte[] signature;
    private final String fingerprint;

    /// @param signingInput the first two parts and the dot between them, as ASCII
    /// @param fingerprint the first 128 bits of the signing input's SHA-256, in hexadecimal. The
    ///   parser accepts one spelling of the same bytes only, so this is one value per token
    ///   whatever its signature looks like
    SubjectToken(
            String algorithm,
            @Nullable String keyId,
            String issuer,
            List<String> audience,
            Claims claims,
            byte[] signingInput,
            byte[] signature,
            String fingerprint) {
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.issuer = issuer;
        this.audience = List.copyOf(audience);
        this.claims = claims;
        this.signingInput = signingInput;
        this.signature = signature;
        this.fingerprint = fingerprint;
    }

    public String algorithm() {
        return algorithm;
    }

    public @Nullable String keyId() {
        return keyId;
    }

    public String issuer() {
        return issuer;
    }

    /// Empty when the token has none, or one of the wrong type: the verifier says so once the
    /// signature holds.
    public List<String> audience() {
        return audience;
    }

    Claims claims() {
        return claims;
    }

    byte[] signingInput() {
        return signingInput;
    }

    byte[] signature() {
        return signature;
    }

    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public String toString() {
        return "SubjectToken[" + fingerprint + "]";
    }
}
