package dev.tollbridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is added to a runtime's authorities is believed beside the others, and is the same bytes
/// each time.
class AuthoritiesTest {

    private static final Path OWN =
            Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    private static final Instant MADE = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir Path folder;

    private KeyStore load(Path store) throws Exception {
        return KeyStore.getInstance(store.toFile(), Authorities.PASSWORD.toCharArray());
    }

    private Path pem(Certificate certificate) throws Exception {
        return Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @Test
    void whatIsGivenIsBelievedBesideTheOthersAndTheBytesAreTheSameAgain() throws Exception {
        KeyStore own = load(OWN);
        Certificate some = own.getCertificate(own.aliases().nextElement());
        Path first = Files.copy(OWN, folder.resolve("first"));
        Path again = Files.copy(OWN, folder.resolve("again"));
        Authorities.add(pem(some), first, MADE);
        Authorities.add(pem(some), again, MADE);
        assertThat(first).hasSameBinaryContentAs(again);
        KeyStore now = load(first);
        assertThat(now.size()).isEqualTo(own.size() + 1);
        assertThat(now.getCertificate("given-1")).isEqualTo(some);
        assertThat(now.isCertificateEntry("given-1")).isTrue();
    }

    @Test
    void aFileWithoutACertificateIsSaid() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path store = Files.copy(OWN, folder.resolve("store"));
        assertThatThrownBy(() -> Authorities.add(empty, store, MADE))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("empty.pem");
    }
}
