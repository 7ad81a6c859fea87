package dev.tollbridge.bridge.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// RFC 7638 thumbprints by SHA-256.
final class KeyThumbprint {

    private KeyThumbprint() {}

    /// @param jwk of an admitted key, so of a known kind
    /// @return base64url; null when a number of the key is not written the one way RFC 7518 section
    ///   6 allows, which would give one key several thumbprints
    static @Nullable String of(Map<String, @Nullable Object> jwk) {
        String canonical =
                switch (jwk.get("kty") instanceof String kind ? kind : "") {
                    case "RSA" -> rsa(jwk);
                    case "EC" -> ec(jwk);
                    case "OKP" -> okp(jwk);
                    default -> null;
                };
        return canonical == null
                ? null
                : Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                Digest.sha256()
                                        .digest(canonical.getBytes(StandardCharsets.US_ASCII)));
    }

    private static @Nullable String rsa(Map<String, @Nullable Object> jwk) {
        String e = number(jwk.get("e"), 0);
        String n = number(jwk.get("n"), 0);
        return e == null || n == null
                ? null
                : "{\"e\":\"" + e + "\",\"kty\":\"RSA\",\"n\":\"" + n + "\"}";
    }

    private static @Nullable String ec(Map<String, @Nullable Object> jwk) {
        String curve = jwk.get("crv") instanceof String name ? name : "";
        int size =
                switch (curve) {
                    case "P-256" -> 32;
                    case "P-384" -> 48;
                    case "P-521" -> 66;
                    default -> -1;
                };
        String x = number(jwk.get("x"), size);
        String y = number(jwk.get("y"), size);
        return x == null || y == null
                ? null
                : "{\"crv\":\""
                        + curve
                        + "\",\"kty\":\"EC\",\"x\":\""
                        + x
                        + "\",\"y\":\""
                        + y
                        + "\"}";
    }

    private static @Nullable String okp(Map<String, @Nullable Object> jwk) {
        String x = number(jwk.get("x"), 32);
        return x == null || !"Ed25519".equals(jwk.get("crv"))
                ? null
                : "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
    }

    /// @param size in bytes; 0: as few as hold the number
    private static @Nullable String number(@Nullable Object value, int size) {
        if (!(value instanceof String text) || text.isEmpty()) {
            return null;
        }
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        byte @Nullable [] bytes = Base64Url.decode(ascii, 0, ascii.length);
        if (bytes == null) {
            return null;
        }
        boolean canonical = size == 0 ? bytes[0] != 0 : bytes.length == size;
        return canonical ? text : null;
    }
}
