package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.token.TokenParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Tells which bearers an API server is asked about at all.
///
/// Whatever the bridge itself made is refused here, without any network access: an API server might
/// trust the bridge as an issuer, and a credential that the bridge minted must never open it. A
/// token that looks like a JWT and is not one to the strict parser is refused too, for another
/// reader might find the bridge's name in it.
final class OperatorBearer {

    private static final String HANDLE = "rvk_";

    private final TokenParser parser = new TokenParser();
    private final String own;

    OperatorBearer(String externalUrl) {
        this.own = withoutSlash(externalUrl);
    }

    /// @return the token's hash; null: not to be asked about
    @Nullable String hashIfWorthAsking(Secret bearer) {
        String text = bearer.reveal();
        if (!visible(text) || text.startsWith(HANDLE) || (looksLikeJwt(text) && !foreign(bearer))) {
            return null;
        }
        return sha256(text);
    }

    /// Opaque tokens, as clusters with an authentication webhook have them, have no dots.
    private static boolean looksLikeJwt(String text) {
        return text.indexOf('.') >= 0 || text.startsWith("ey");
    }

    private boolean foreign(Secret bearer) {
        String issuer;
        try {
            issuer = withoutSlash(parser.parse(bearer).issuer());
        } catch (Refusal malformed) {
            return false;
        }
        return !issuer.equalsIgnoreCase(own) && !issuer.equalsIgnoreCase(own + "/federation");
    }

    private static boolean visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= 0x20 || text.charAt(i) > 0x7E) {
                return false;
            }
        }
        return true;
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
