package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.PublicKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recognises what the bridge itself signed for callers.
///
/// Stricter than it would have to be: the bridge wrote the token, so a spelling it never uses is
/// not its own.
final class OwnTokens {

    /// Far above what is ever minted.
    private static final int MAX_LENGTH = 16 * 1024;

    private static final Set<String> HEADER = Set.of("alg", "kid", "typ");
    private static final String TYPE = "at+jwt";

    private final PublicKeys keys;
    private final String issuer;

    OwnTokens(PublicKeys keys, String issuer) {
        this.keys = keys;
        this.issuer = issuer;
    }

    /// The claims of a token that a published key of ours signed. Says nothing about its dates.
    Optional<Claims> read(Secret token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String text = token.reveal();
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        byte[] header = decoded(text.substring(0, first));
        byte[] payload = decoded(text.substring(first + 1, second));
        byte[] signature = decoded(text.substring(second + 1));
        if (header == null || payload == null || signature == null) {
            return Optional.empty();
        }
        try {
            byte[] signed = text.substring(0, second).getBytes(StandardCharsets.US_ASCII);
            if (!signedByUs(StrictJson.object(header), signed, signature)) {
                return Optional.empty();
            }
            Claims claims = StrictJson.object(payload);
            return issuer.equals(claims.string("iss")) ? Optional.of(claims) : Optional.empty();
        } catch (StrictJson.Malformed e) {
            return Optional.empty();
        }
    }

    private boolean signedByUs(Claims header, byte[] signed, byte[] signature) {
        String algorithm = header.string("alg");
        String kid = header.string("kid");
        return header.members().keySet().equals(HEADER)
                && TYPE.equals(header.string("typ"))
                && algorithm != null
                && kid != null
                && keys.verifies(kid, algorithm, signed, signature);
    }

    private static byte @Nullable [] decoded(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // One spelling per value: the decoder lets padding and loose bits pass.
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)
                    ? bytes
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
