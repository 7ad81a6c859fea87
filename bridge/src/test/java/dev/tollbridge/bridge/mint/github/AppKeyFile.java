package dev.tollbridge.bridge.mint.github;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;

/// An App's private key as files have it.
public final class AppKeyFile {

    /// What stands before the key itself in PKCS#8: the outer sequence, the version, the algorithm
    /// and the octet string's header, for keys whose lengths take two octets.
    private static final int BEFORE_PKCS1 = 26;

    private AppKeyFile() {}

    /// As OpenSSL writes it.
    public static String pkcs8(KeyPair key) {
        return pem("PRIVATE KEY", key.getPrivate().getEncoded());
    }

    /// As GitHub hands it out.
    public static String pkcs1(KeyPair key) {
        byte[] pkcs8 = key.getPrivate().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, BEFORE_PKCS1, pkcs8.length));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    /// @param mode such as `rw-------`
    public static Path write(Path file, String pem, String mode) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, pem);
        // Not at creation: the umask would take away what the test is about.
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
