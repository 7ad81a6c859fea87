package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a subject token strictly, before any JOSE library sees it: one token has one spelling, one
/// meaning and a bounded size.
///
/// Refused with `token_malformed`:
/// - more than 16,384 characters; not exactly three parts with something in each;
/// - any character outside the base64url alphabet (so also padding and white space), and bits left
///   over at the end of a part;
/// - a header or payload that is not exactly one JSON object, in UTF-8, with no name twice in one
///   object at any depth, nested at most 16 deep;
/// - a header member other than `alg`, `kid`, `typ`, `x5t`, `x5t#S256`. The last two are ignored,
///   whatever they hold: keys are found by `kid` alone;
/// - an `alg` other than the asymmetric ones of RFC 7518 section 3.1, `EdDSA` and `Ed25519`;
/// - a `kid` that is not a string of 1 to 256 characters (a key set's own bound);
/// - a `typ` other than `JWT`. It is a media type, so compared without regard to case (RFC 7515
///   section 4.1.9, RFC 2045 section 5.1); `application/jwt`, `at+jwt`, `dpop+jwt` and the bridge's
///   own kinds are refused, which keeps tokens made for something else out (RFC 8725 section 3.11);
/// - an `iss` that is not a string of 1 to 2,048 characters;
/// - a signature of more than 1,024 bytes.
///
/// Everything else about claims is said only once the signature holds, so that an unauthenticated
/// caller learns nothing from it. Which reason wins when several things are wrong is in {@link
/// TokenVerifier}.
public final class TokenParser {

    private static final Set<String> HEADERS = Set.of("alg", "kid", "typ", "x5t", "x5t#S256");
    private static final int MAX_KEY_ID = 256;
    private static final int MAX_ISSUER = 2048;

    /// @throws Refusal `token_malformed`, with a detail that names the rule and never quotes the
    ///   token
    public SubjectToken parse(Secret token) {
        CompactJws jws = CompactJws.parse(token.reveal(), HEADERS, RefusalReason.TOKEN_MALFORMED);
        checkType(jws.header());
        String keyId = keyId(jws.header());
        String issuer = jws.payload().string("iss");
        if (issuer == null || issuer.isEmpty() || issuer.length() > MAX_ISSUER) {
            throw malformed("`iss` is not a string of 1 to 2048 characters");
        }
        return new SubjectToken(
                jws.algorithm(),
                keyId,
                issuer,
                audience(jws.payload().get("aud")),
                jws.payload(),
                jws.signingInput(),
                jws.signature(),
                Digest.hex128(Digest.sha256().digest(jws.signingInput())));
    }

    private static void checkType(Claims header) {
        if (header.has("typ") && !"JWT".equalsIgnoreCase(header.string("typ"))) {
            throw malformed("`typ` is there and not JWT");
        }
    }

    private static @Nullable String keyId(Claims header) {
        if (!header.has("kid")) {
            return null;
        }
        String keyId = header.string("kid");
        if (keyId == null || keyId.isEmpty() || keyId.length() > MAX_KEY_ID) {
            throw malformed("`kid` is not a string of 1 to 256 characters");
        }
        return keyId;
    }

    private static List<String> audience(@Nullable Object aud) {
        return switch (aud) {
            case String one -> List.of(one);
            case List<?> several -> strings(several);
            case null, default -> List.of();
        };
    }

    private static List<String> strings(List<?> values) {
        String[] strings = new String[values.size()];
        for (int i = 0; i < strings.length; i++) {
            if (!(values.get(i) instanceof String text)) {
                return List.of();
            }
            strings[i] = text;
        }
        return List.of(strings);
    }

    private static Refusal malformed(String rule) {
        return new Refusal(RefusalReason.TOKEN_MALFORMED, rule);
    }
}
