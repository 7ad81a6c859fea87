package dev.tollbridge.bridge.mint.github;

import dev.tollbridge.bridge.mint.github.AppKeys.Unusable;
import dev.tollbridge.bridge.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// An RSA private key as GitHub hands it out (PKCS#1) or as OpenSSL converts it (PKCS#8), PEM.
final class PemRsaKey {

    private static final int LEAST_BITS = 2048;
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String PKCS8 = "PRIVATE KEY";

    /// `INTEGER 0` and the algorithm rsaEncryption without parameters: what stands before the key
    /// itself in a PrivateKeyInfo (RFC 5208 section 5, RFC 8017 appendix A.1).
    private static final byte[] RSA_KEY_INFO =
            HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private PemRsaKey() {}

    static PrivateKey parse(Secret pem) throws Unusable {
        String text = pem.reveal().strip();
        boolean pkcs1 = text.startsWith("-----BEGIN " + PKCS1 + "-----");
        String label = pkcs1 ? PKCS1 : PKCS8;
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        if (!text.startsWith(begin) || !text.endsWith(end)) {
            throw new Unusable("is not one RSA private key in PEM (PKCS#1 or PKCS#8)");
        }
        try {
            byte[] der =
                    Base64.getDecoder()
                            .decode(
                                    text.substring(begin.length(), text.length() - end.length())
                                            .replaceAll("[ \r\n\t]", ""));
            PrivateKey key =
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(new PKCS8EncodedKeySpec(pkcs1 ? wrapped(der) : der));
            int bits = ((RSAPrivateKey) key).getModulus().bitLength();
            if (bits < LEAST_BITS) {
                throw new Unusable("has only " + bits + " bits");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause may quote what it could not read.
            throw new Unusable(
                    "cannot be read as an RSA key (" + e.getClass().getSimpleName() + ")");
        }
    }

    /// PKCS#1 inside PKCS#8, which is what the platform reads.
    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream(pkcs1.length + 32);
        inner.writeBytes(RSA_KEY_INFO);
        element(inner, 0x04, pkcs1);
        ByteArrayOutputStream outer = new ByteArrayOutputStream(pkcs1.length + 40);
        element(outer, 0x30, inner.toByteArray());
        return outer.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            // At most 16 KiB: two octets of length are enough.
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
    }
}
