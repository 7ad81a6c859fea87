package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/// A JWS in compact form (RFC 7515 section 7.1), taken apart and not believed.
///
/// Subject tokens and DPoP proofs are both read here, so that neither can be spelled in a way the
/// other would refuse.
///
/// @param signingInput the first two parts and the dot between them, as ASCII
record CompactJws(
        String algorithm, Claims header, Claims payload, byte[] signingInput, byte[] signature) {

    /// In characters, all three parts and both dots.
    static final int MAX_LENGTH = 16 * 1024;

    /// The longest signature of any admitted key: RSA with 8192 bits.
    static final int MAX_SIGNATURE = 1024;

    /// Compared as they are (RFC 7515 section 4.1.1: case-sensitive). No `none`, nothing symmetric,
    /// and nothing that has no admitted kind of key.
    static final Set<String> ALGORITHMS =
            Set.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                    "EdDSA", "Ed25519");

    /// @param headers the names a header may have. Everything else is refused, which is what keeps
    ///   `crit`, `b64`, `zip`, `jku`, `x5u`, `x5c` and `cty` from ever being interpreted
    /// @param reason of every refusal
    static CompactJws parse(String text, Set<String> headers, RefusalReason reason) {
        if (text.length() > MAX_LENGTH) {
            throw new Refusal(reason, "longer than 16384 characters");
        }
        // What is not ASCII becomes '?', which is no base64url character.
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        int first = indexOfDot(ascii, 0);
        int second = first < 0 ? -1 : indexOfDot(ascii, first + 1);
        if (first <= 0
                || second <= first + 1
                || second == ascii.length - 1
                || indexOfDot(ascii, second + 1) >= 0) {
            throw new Refusal(reason, "not three parts with something in each");
        }
        Claims header = json(ascii, 0, first, "header", reason);
        String algorithm = checkHeader(header, headers, reason);
        Claims payload = json(ascii, first + 1, second, "payload", reason);
        byte[] signature = decode(ascii, second + 1, ascii.length, "signature", reason);
        if (signature.length > MAX_SIGNATURE) {
            throw new Refusal(reason, "a signature longer than 1024 bytes");
        }
        return new CompactJws(algorithm, header, payload, Arrays.copyOf(ascii, second), signature);
    }

    private static int indexOfDot(byte[] ascii, int from) {
        for (int i = from; i < ascii.length; i++) {
            if (ascii[i] == '.') {
                return i;
            }
        }
        return -1;
    }

    private static byte[] decode(
            byte[] ascii, int from, int to, String part, RefusalReason reason) {
        byte[] bytes = Base64Url.decode(ascii, from, to);
        if (bytes == null) {
            throw new Refusal(reason, "the " + part + " is not canonical base64url");
        }
        return bytes;
    }

    private static Claims json(byte[] ascii, int from, int to, String part, RefusalReason reason) {
        try {
            return StrictJson.object(decode(ascii, from, to, part, reason));
        } catch (StrictJson.Malformed e) {
            throw new Refusal(reason, "the " + part + " is " + e.getMessage());
        }
    }

    private static String checkHeader(Claims header, Set<String> allowed, RefusalReason reason) {
        for (String name : header.members().keySet()) {
            if (!allowed.contains(name)) {
                // The name is anybody's text: it is not repeated.
                throw new Refusal(reason, "a header member other than " + sorted(allowed));
            }
        }
        String algorithm = header.string("alg");
        if (algorithm == null || !ALGORITHMS.contains(algorithm)) {
            throw new Refusal(reason, "`alg` is not an asymmetric signature algorithm known here");
        }
        return algorithm;
    }

    private static String sorted(Set<String> names) {
        String[] array = names.toArray(new String[0]);
        Arrays.sort(array);
        return String.join(" ", array);
    }

    @Override
    public String toString() {
        return "CompactJws[" + algorithm + "]";
    }
}
