package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Builds the token that a case describes, good or bad.
final class CaseToken {

    static final String AUDIENCE = "https://tollbridge.acme.example";
    static final String ISSUER = "https://ci.example";
    static final String CLUSTER = "https://cluster.example";

    private static final Set<String> MEMBERS =
            Set.of(
                    "shape",
                    "claims",
                    "without",
                    "header",
                    "headerWithout",
                    "edit",
                    "sign",
                    "signature",
                    "tamper",
                    "text");

    /// Characters from here stand for single bytes, so that a case can write what is not UTF-8.
    private static final char RAW_BYTES = '\uF700';

    private final CaseValues values;
    private final Instant now;

    CaseToken(Instant now) {
        this.now = now;
        this.values = new CaseValues(now);
    }

    String build(String base, Map<String, @Nullable Object> token) {
        CaseFile.known(token, MEMBERS, "token");
        if (token.containsKey("text")) {
            return String.valueOf(values.expand(token.get("text")));
        }
        Object shape = token.getOrDefault("shape", base);
        Map<String, @Nullable Object> claims = shaped(String.valueOf(shape));
        claims.putAll(CaseFile.map(values.expand(token.get("claims"))));
        CaseFile.list(token.get("without")).forEach(claims::remove);

        Map<String, @Nullable Object> sign = CaseFile.map(token.get("sign"));
        CaseFile.known(sign, Set.of("alg", "key", "secret"), "sign");
        String algorithm = String.valueOf(sign.getOrDefault("alg", "RS256"));
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("kid", "key-1");
        header.put("typ", "JWT");
        header.putAll(CaseFile.map(values.expand(token.get("header"))));
        CaseFile.list(token.get("headerWithout")).forEach(header::remove);

        String input =
                part("header", header, token.get("edit"))
                        + "."
                        + part("claims", claims, token.get("edit"));
        byte[] signature =
                token.containsKey("signature")
                        ? signature(String.valueOf(token.get("signature")))
                        : signature(algorithm, sign, input);
        return tampered(input + "." + TestKeys.encode(signature), token.get("tamper"));
    }

    /// A DPoP proof; members as `dpop` of a request.
    String proof(Map<String, @Nullable Object> proof, String url) {
        CaseFile.known(
                proof,
                Set.of("alg", "key", "method", "url", "claims", "without", "header"),
                "dpop");
        String algorithm = String.valueOf(proof.getOrDefault("alg", "ES256"));
        KeyPair key = CaseValues.key(String.valueOf(proof.getOrDefault("key", "P-256/client")));
        Tokens built =
                Tokens.dpop(
                        algorithm,
                        key,
                        String.valueOf(proof.getOrDefault("method", "POST")),
                        String.valueOf(proof.getOrDefault("url", url)),
                        now);
        CaseFile.map(values.expand(proof.get("claims"))).forEach(built::claim);
        CaseFile.list(proof.get("without"))
                .forEach(name -> built.claim(String.valueOf(name), null));
        CaseFile.map(values.expand(proof.get("header"))).forEach(built::header);
        return built.compact();
    }

    private Map<String, @Nullable Object> shaped(String shape) {
        Tokens tokens =
                switch (shape) {
                    case "ci" ->
                            Tokens.plain(ISSUER, AUDIENCE, now).claim("ref", "refs/heads/main");
                    case "github" -> Tokens.github(AUDIENCE, now);
                    case "gitlab" -> Tokens.gitlab(AUDIENCE, now);
                    case "kubernetes" -> Tokens.kubernetes(CLUSTER, AUDIENCE, now);
                    default -> throw new IllegalArgumentException("no shape " + shape);
                };
        return CaseValues.parse(tokens.claimsJson());
    }

    /// A part as it is encoded, after the textual edits of that part.
    private String part(
            String name, Map<String, @Nullable Object> members, @Nullable Object edits) {
        String text = CaseValues.json(members);
        for (Object edit : CaseFile.list(edits)) {
            Map<String, @Nullable Object> change = CaseFile.map(values.expand(edit));
            CaseFile.known(
                    change,
                    Set.of("in", "first", "last", "before", "after", "all", "replace", "with"),
                    "edit");
            if (!name.equals(change.get("in"))) {
                continue;
            }
            if (change.get("all") instanceof String all) {
                text = all;
            }
            if (change.get("first") instanceof String first) {
                text = "{" + first + "," + text.substring(1);
            }
            if (change.get("last") instanceof String last) {
                text = text.substring(0, text.length() - 1) + "," + last + "}";
            }
            if (change.get("replace") instanceof String what) {
                if (!text.contains(what)) {
                    throw new IllegalArgumentException("nothing to replace: " + what);
                }
                text = text.replace(what, String.valueOf(change.get("with")));
            }
            if (change.get("before") instanceof String before) {
                text = before + text;
            }
            if (change.get("after") instanceof String after) {
                text = text + after;
            }
        }
        return TestKeys.encode(bytes(text));
    }

    private static byte[] bytes(String text) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        text.codePoints()
                .forEach(c -> {
                    if (c >= RAW_BYTES && c <= RAW_BYTES + 0xFF) {
                        bytes.write(c - RAW_BYTES);
                    } else {
                        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                    }
                });
        return bytes.toByteArray();
    }

    private static byte[] signature(
            String algorithm, Map<String, @Nullable Object> sign, String input) {
        byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
        String secret = (String) sign.get("secret");
        if (secret != null) {
            return hmac(algorithm, secret(secret), bytes);
        }
        Object key = sign.get("key");
        return TestKeys.sign(
                algorithm,
                CaseValues.key(
                        key == null
                                ? TestKeys.kindFor(algorithm) + "/issuer"
                                : String.valueOf(key)),
                bytes);
    }

    /// What the classic confusion attacks take as the shared secret: a public key, in a spelling.
    private static byte[] secret(String secret) {
        byte[] der = CaseValues.key("RSA2048/issuer").getPublic().getEncoded();
        return switch (secret) {
            case "issuer-public-pem" ->
                    ("-----BEGIN PUBLIC KEY-----\n"
                                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                            .encodeToString(der)
                                    + "\n-----END PUBLIC KEY-----\n")
                            .getBytes(StandardCharsets.US_ASCII);
            case "issuer-public-der" -> der;
            default -> secret.getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] hmac(String algorithm, byte[] secret, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HMAC"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signature(String name) {
        return switch (name) {
            case "zeros-256" -> new byte[256];
            case "zeros-64" -> new byte[64];
            case "ones-64" -> {
                byte[] ones = new byte[64];
                ones[31] = 1;
                ones[63] = 1;
                yield ones;
            }
            case "huge" -> new byte[1025];
            case "short" -> new byte[16];
            default -> throw new IllegalArgumentException("no signature " + name);
        };
    }

    private static String tampered(String token, @Nullable Object names) {
        for (Object name : CaseFile.list(names)) {
            token = tampered(token, String.valueOf(name));
        }
        return token;
    }

    private static String tampered(String token, String name) {
        List<String> parts = List.of(token.split("\\.", -1));
        String header = parts.get(0);
        String claims = parts.get(1);
        String signature = parts.get(2);
        return switch (name) {
            case "padding" -> header + "=." + claims + "=." + signature + "==";
            case "signature-padding" -> token + "==";
            case "standard-alphabet" -> token.replace('-', '+').replace('_', '/').replace("=", "");
            case "space-before" -> " " + token;
            case "space-after" -> token + " ";
            case "newline-after" -> token + "\n";
            case "space-inside" -> header + "." + claims + " ." + signature;
            case "no-break-space" -> token + "\u00A0";
            case "full-width-dot" -> header + "\uFF0E" + claims + "\uFF0E" + signature;
            case "two-parts" -> header + "." + claims;
            case "four-parts" -> token + "." + signature;
            case "five-parts" -> header + ".a." + claims + ".b." + signature;
            case "empty-header" -> "." + claims + "." + signature;
            case "empty-payload" -> header + ".." + signature;
            case "empty-signature" -> header + "." + claims + ".";
            case "one-part" -> claims;
            case "bearer" -> "Bearer " + token;
            case "left-over-bits" -> header + "." + claims + "." + leftOver(signature);
            case "left-over-bits-in-claims" -> header + "." + leftOver(claims) + "." + signature;
            case "characters-more" -> token + "A".repeat((5 - signature.length() % 4) % 4);
            case "flipped-signature" -> header + "." + claims + "." + flipped(signature);
            case "other-claims" ->
                    header
                            + "."
                            + TestKeys.encode(
                                    decoded(claims)
                                            .replace("job-42", "job-43")
                                            .replace("refs/heads/main", "refs/heads/evil"))
                            + "."
                            + signature;
            case "json-serialization" ->
                    CaseValues.json(
                            Map.of("payload", claims, "protected", header, "signature", signature));
            case "der-signature" -> header + "." + claims + "." + der(signature);
            default -> throw new IllegalArgumentException("no tampering " + name);
        };
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String flipped(String signature) {
        char first = signature.charAt(10);
        return signature.substring(0, 10) + (first == 'A' ? 'B' : 'A') + signature.substring(11);
    }

    /// Another last character that a lenient decoder takes for the same bytes.
    private static String leftOver(String part) {
        if (part.length() % 4 == 0) {
            throw new IllegalArgumentException("this part leaves no bits over");
        }
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = part.charAt(part.length() - 1);
        return part.substring(0, part.length() - 1) + alphabet.charAt(alphabet.indexOf(last) + 1);
    }

    /// The same ECDSA signature as ASN.1, which JOSE does not use.
    private static String der(String signature) {
        byte[] raw = Base64.getUrlDecoder().decode(signature);
        java.io.ByteArrayOutputStream der = new java.io.ByteArrayOutputStream();
        byte[] r = new java.math.BigInteger(1, java.util.Arrays.copyOf(raw, 32)).toByteArray();
        byte[] s =
                new java.math.BigInteger(1, java.util.Arrays.copyOfRange(raw, 32, 64))
                        .toByteArray();
        der.write(0x30);
        der.write(4 + r.length + s.length);
        der.write(2);
        der.write(r.length);
        der.writeBytes(r);
        der.write(2);
        der.write(s.length);
        der.writeBytes(s);
        return TestKeys.encode(der.toByteArray());
    }
}
