package dev.tollbridge.bridge.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/// A key at work: signs compact JWSs with as little as possible beside the arithmetic.
///
/// The platform's signatures rather than the JOSE library's signer, because that one looks the
/// algorithm up and builds, copies and converts for every token: measured, 17 microseconds of CPU
/// against 14, of which the arithmetic is 13. What is written here is the concatenation of RFC 7515
/// section 7.1 and nothing else.
final class ActiveKey {

    /// As many as ever sign at once on a large machine; more than that are made and dropped.
    private static final int IDLE_SIGNATURES = 64;

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final String kid;
    private final SigningAlgorithm algorithm;
    private final PrivateKey privateKey;

    /// `typ` to the encoded header and its dot. Holds what the bridge's own code asks for: two or
    /// three types.
    private final Map<String, byte[]> prefixes = new ConcurrentHashMap<>();

    /// Signature objects that are ready to use. A pool and not a thread-local: every exchange runs
    /// on a virtual thread of its own.
    private final ArrayBlockingQueue<Signature> idle = new ArrayBlockingQueue<>(IDLE_SIGNATURES);

    ActiveKey(SigningKey key, PrivateKey privateKey) {
        this.kid = key.kid();
        this.algorithm = key.algorithm();
        this.privateKey = privateKey;
    }

    String sign(String type, byte[] claims) {
        byte[] prefix = prefixes.computeIfAbsent(type, this::prefix);
        byte[] payload = BASE64URL.encode(claims);
        try {
            Signature signature = idle.poll();
            if (signature == null) {
                signature = Signature.getInstance(algorithm.signatureName());
                signature.initSign(privateKey);
            }
            signature.update(prefix);
            signature.update(payload);
            byte[] raw = signature.sign();
            // Only what has just worked goes back: after an exception its state is unknown.
            idle.offer(signature);
            return joined(prefix, payload, BASE64URL.encode(raw));
        } catch (SignatureException e) {
            throw new KeyringUnavailable("signing with key " + kid + " failed", e);
        } catch (GeneralSecurityException e) {
            throw new KeyringUnavailable(
                    "this platform cannot sign " + algorithm.joseName() + " with key " + kid, e);
        }
    }

    private static String joined(byte[] prefix, byte[] payload, byte[] signature) {
        byte[] token = new byte[prefix.length + payload.length + 1 + signature.length];
        System.arraycopy(prefix, 0, token, 0, prefix.length);
        System.arraycopy(payload, 0, token, prefix.length, payload.length);
        token[prefix.length + payload.length] = '.';
        System.arraycopy(signature, 0, token, prefix.length + payload.length + 1, signature.length);
        return new String(token, StandardCharsets.ISO_8859_1);
    }

    private byte[] prefix(String type) {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (c <= ' ' || c == '"' || c == '\\' || c > '~') {
                throw new IllegalArgumentException("not a media type");
            }
        }
        String header =
                "{\"alg\":\""
                        + algorithm.joseName()
                        + "\",\"kid\":\""
                        + kid
                        + "\",\"typ\":\""
                        + type
                        + "\"}";
        return (BASE64URL.encodeToString(header.getBytes(StandardCharsets.US_ASCII)) + ".")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
