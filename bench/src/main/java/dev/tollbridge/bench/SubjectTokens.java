package dev.tollbridge.bench;

import dev.tollbridge.bridge.signing.CryptoProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Subject tokens signed ahead (RSA-2048, each with a `jti` of its own), in a file that is mapped:
/// signing costs more than everything the benchmark measures.
///
/// They are kept for the next run while they still live long enough. The private key is never
/// written.
public final class SubjectTokens implements AutoCloseable {

    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final Duration LEAST_LIFE_LEFT = Duration.ofMinutes(30);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /// As a document says it.
    static final String LIFETIME_TEXT = "12h";

    private final FileChannel channel;
    private final MappedByteBuffer tokens;
    private final int length;
    private final int count;
    private final String jwks;

    private SubjectTokens(FileChannel channel, int length, String jwks) throws IOException {
        this.channel = channel;
        this.tokens = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        this.length = length;
        this.count = (int) (channel.size() / length);
        this.jwks = jwks;
    }

    /// Those of the last run where they still serve, new ones otherwise.
    static SubjectTokens of(Path folder, int count) throws IOException {
        Path facts = folder.resolve("tokens.txt");
        Path file = folder.resolve("tokens.bin");
        if (Files.isReadable(facts) && Files.isReadable(file)) {
            List<String> lines = Files.readAllLines(facts);
            // version, end, length of a token, key set
            if (lines.size() == 4
                    && lines.get(0).equals("1")
                    && Instant.parse(lines.get(1)).isAfter(Instant.now().plus(LEAST_LIFE_LEFT))
                    && Files.size(file) >= (long) count * Integer.parseInt(lines.get(2))) {
                return open(file, Integer.parseInt(lines.get(2)), lines.get(3));
            }
        }
        Files.createDirectories(folder);
        System.err.printf("signing %,d tokens (RSA-2048), kept in %s%n", count, folder);
        return sign(facts, file, count);
    }

    private static SubjectTokens open(Path file, int length, String jwks) throws IOException {
        return new SubjectTokens(FileChannel.open(file, StandardOpenOption.READ), length, jwks);
    }

    private static SubjectTokens sign(Path facts, Path file, int count) throws IOException {
        CryptoProvider.install();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            long now = Instant.now().getEpochSecond();
            long end = now + LIFETIME.toSeconds();
            int length = token(signer(pair), 0, now, end).length;
            Path part = file.resolveSibling("tokens.part");
            Files.deleteIfExists(facts);
            try (FileChannel out =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                int threads = Runtime.getRuntime().availableProcessors();
                List<Thread> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int from = (int) ((long) count * t / threads);
                    int to = (int) ((long) count * (t + 1) / threads);
                    running.add(
                            Thread.ofPlatform()
                                    .start(() -> sign(pair, from, to, now, end, length, out)));
                }
                for (Thread thread : running) {
                    thread.join();
                }
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            String jwks = jwks(pair.getPublic());
            Files.write(
                    facts,
                    List.of(
                            "1",
                            Instant.ofEpochSecond(end).toString(),
                            Integer.toString(length),
                            jwks));
            return open(file, length, jwks);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is everywhere", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void sign(
            KeyPair pair,
            int from,
            int to,
            long issued,
            long expires,
            int length,
            FileChannel out) {
        try {
            Signature signer = signer(pair);
            for (int i = from; i < to; i++) {
                byte[] token = token(signer, i, issued, expires);
                if (token.length != length) {
                    throw new IllegalStateException("tokens differ in length");
                }
                out.write(ByteBuffer.wrap(token), (long) i * length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RS256 is everywhere", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Signature signer(KeyPair pair) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        return signer;
    }

    private static byte[] token(Signature signer, int number, long issued, long expires)
            throws GeneralSecurityException {
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + Workload.KEY_ID + "\",\"typ\":\"JWT\"}";
        String input = base64(header) + "." + base64(Workload.claims(number, issued, expires));
        signer.update(input.getBytes(StandardCharsets.US_ASCII));
        return (input + "." + BASE64.encodeToString(signer.sign()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String jwks(PublicKey key) {
        RSAPublicKey rsa = (RSAPublicKey) key;
        byte[] modulus = rsa.getModulus().toByteArray();
        // 2048 bits come with a leading zero byte, which a JWK must not have.
        byte[] unsigned = Arrays.copyOfRange(modulus, modulus.length - 256, modulus.length);
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\""
                + Workload.KEY_ID
                + "\",\"n\":\""
                + BASE64.encodeToString(unsigned)
                + "\",\"e\":\""
                + BASE64.encodeToString(rsa.getPublicExponent().toByteArray())
                + "\"}]}";
    }

    /// The issuer's key set.
    public String jwks() {
        return jwks;
    }

    int count() {
        return count;
    }

    int length() {
        return length;
    }

    /// Puts one token into a buffer.
    void put(int number, ByteBuffer to, int at) {
        to.put(at, tokens, number * length, length);
    }

    public String text(int number) {
        byte[] token = new byte[length];
        tokens.get(number * length, token);
        return new String(token, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
