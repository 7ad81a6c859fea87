import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;

/// What the programs share that make work for a server whose start-up cache is made: the folder by
/// which they and the script beside them tell each other how far they are, and a certificate.
record Training(Path folder) {

    static final String PASSWORD = "training";

    /// In one piece, or not at all: somebody waits for it.
    void said(String name, String text) throws Exception {
        Path fresh = Files.writeString(folder.resolve(name + ".fresh"), text);
        Files.move(fresh, folder.resolve(name));
    }

    String awaited(String name) throws Exception {
        Path file = folder.resolve(name);
        Instant end = Instant.now().plusSeconds(90);
        while (!Files.exists(file) || Files.size(file) == 0) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("nobody said " + name);
            }
            Thread.sleep(50);
        }
        return Files.readString(file).strip();
    }

    /// A certificate for localhost that is its own authority, in a file `NAME.pem` too, with its key.
    KeyStore certificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        run(keytool, "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-ext", "bc:c=ca:true",
                "-validity", "1", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString());
        run(keytool, "-exportcert", "-rfc", "-alias", name, "-storepass", PASSWORD,
                "-keystore", store.toString(), "-file", folder.resolve(name + ".pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static void run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command[1] + " failed");
        }
    }
}
