package dev.tollbridge.bridge.testing.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies a request's signature (AWS General Reference, "Signature Version 4 signing process",
/// header form).
final class SigV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /// @param path and `query` as sent
    /// @param headers by name in lower case
    record Request(
            String method, String path, String query, Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// What an `Authorization` header says.
    record Signed(String accessKeyId, String scope, List<String> headers, String signature) {

        /// @throws IllegalArgumentException when it is not one
        static Signed parse(String authorization) {
            if (!authorization.startsWith(ALGORITHM + " ")) {
                throw new IllegalArgumentException("not signed");
            }
            Map<String, String> part = new HashMap<>();
            for (String piece : authorization.substring(ALGORITHM.length()).split(",")) {
                String[] pair = piece.strip().split("=", 2);
                part.put(pair[0], pair[1]);
            }
            String[] credential = part.getOrDefault("Credential", "/").split("/", 2);
            return new Signed(
                    credential[0],
                    credential[1],
                    Arrays.asList(part.getOrDefault("SignedHeaders", "").split(";")),
                    part.getOrDefault("Signature", ""));
        }
    }

    private SigV4() {}

    static boolean verifies(Request request, Signed signed, String secretKey) {
        if (!signed.headers().contains("host")
                || !signed.headers().contains("x-amz-date")
                || !signed.headers().contains("x-amz-security-token")) {
            return false;
        }
        String payload = request.header("x-amz-content-sha256");
        String hash = hex(sha256(request.body()));
        if (!payload.isEmpty() && !payload.equals(hash)) {
            return false;
        }
        String toSign =
                String.join(
                        "\n",
                        ALGORITHM,
                        request.header("x-amz-date"),
                        signed.scope(),
                        hex(sha256(canonical(request, signed, hash).getBytes(UTF_8))));
        byte[] key = ("AWS4" + secretKey).getBytes(UTF_8);
        for (String step : signed.scope().split("/")) {
            key = hmac(key, step);
        }
        return MessageDigest.isEqual(
                hex(hmac(key, toSign)).getBytes(UTF_8), signed.signature().getBytes(UTF_8));
    }

    private static String canonical(Request request, Signed signed, String payloadHash) {
        StringBuilder headers = new StringBuilder();
        for (String name : signed.headers()) {
            headers.append(name)
                    .append(':')
                    .append(request.header(name).strip().replaceAll(" +", " "))
                    .append('\n');
        }
        return String.join(
                "\n",
                request.method().toUpperCase(Locale.ROOT),
                request.path(),
                query(request.query()),
                headers.toString(),
                String.join(";", signed.headers()),
                payloadHash);
    }

    private static String query(String query) {
        if (query.isEmpty()) {
            return "";
        }
        TreeMap<String, String> sorted = new TreeMap<>();
        for (String pair : query.split("&")) {
            sorted.put(pair.contains("=") ? pair : pair + "=", "");
        }
        return String.join("&", new ArrayList<>(sorted.keySet()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
