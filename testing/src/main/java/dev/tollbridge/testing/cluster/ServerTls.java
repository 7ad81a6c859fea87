package dev.tollbridge.testing.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/// TLS with the certificate of a test cluster's API server, on both sides: so that something can
/// stand before it and be believed. Without ALPN, so that everybody speaks HTTP/1.1.
record ServerTls(SSLContext context) {

    private static final int BACKLOG = 64;

    /// PKCS#8 begins so: version 0, and the algorithm rsaEncryption without parameters (RFC 5208).
    private static final byte[] RSA =
            HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    static ServerTls of(ClusterFixture cluster) {
        try (InputStream pem = Files.newInputStream(cluster.caFile())) {
            Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(pem)
                            .toArray(Certificate[]::new);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key(cluster.keyFile()), new char[0], chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            KeyStore believed = KeyStore.getInstance("PKCS12");
            believed.load(null, null);
            for (int i = 0; i < chain.length; i++) {
                believed.setCertificateEntry("server" + i, chain[i]);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new ServerTls(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the API server's certificate cannot be used", e);
        }
    }

    SSLServerSocket listen() throws IOException {
        return (SSLServerSocket)
                context.getServerSocketFactory()
                        .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    Socket connect(int port) throws IOException {
        return context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        byte[] pkcs1 = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        byte[] pkcs8 = tagged(0x30, RSA, tagged(0x04, pkcs1));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /// DER with a length of two bytes, which a key of 2048 bits needs.
    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer der = ByteBuffer.allocate(4 + length);
        der.put((byte) tag).put((byte) 0x82).putShort((short) length);
        for (byte[] part : parts) {
            der.put(part);
        }
        return der.array();
    }
}
