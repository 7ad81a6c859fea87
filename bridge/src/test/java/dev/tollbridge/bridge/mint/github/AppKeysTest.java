package dev.tollbridge.bridge.mint.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppKeysTest {

    private static final KeyPair KEY = GitHubEmulator.appKey();
    private static final KeyPair OTHER = TestKeys.of("RSA3072", "github-app-2");

    @TempDir private Path folder;
    private final AppKeys keys = new AppKeys();

    @Test
    void readsTheKeyAsGitHubHandsItOutAndAsOpenSslConvertsIt() throws Exception {
        for (KeyPair key : List.of(KEY, OTHER)) {
            for (String pem : List.of(AppKeyFile.pkcs1(key), AppKeyFile.pkcs8(key))) {
                AppKeyFile.write(folder.resolve("app.pem"), pem, "rw-------");
                assertThat(new AppKeys().key(folder, "app.pem")).isEqualTo(key.getPrivate());
            }
        }
    }

    @Test
    void readsItAgainWhenItHasChanged() throws Exception {
        AppKeyFile.write(folder.resolve("app.pem"), AppKeyFile.pkcs1(KEY), "rw-------");
        assertThat(keys.key(folder, "app.pem")).isEqualTo(KEY.getPrivate());
        AppKeyFile.write(folder.resolve("app.pem"), AppKeyFile.pkcs1(OTHER), "rw-------");
        assertThat(keys.key(folder, "app.pem")).isEqualTo(OTHER.getPrivate());
        AppKeyFile.write(folder.resolve("app.pem"), "gone", "rw-------");
        assertThat(failure("app.pem").detail()).contains("is not one RSA private key");
    }

    @Test
    void followsTheLinkOfAMountedSecret() throws Exception {
        AppKeyFile.write(folder.resolve("data.pem"), AppKeyFile.pkcs8(KEY), "r--r-----");
        Files.createSymbolicLink(folder.resolve("app.pem"), Path.of("data.pem"));
        assertThat(keys.key(folder, "app.pem")).isEqualTo(KEY.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rw-----w-"})
    void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
        AppKeyFile.write(folder.resolve("app.pem"), AppKeyFile.pkcs8(KEY), mode);
        MintFailure failure = failure("app.pem");
        assertThat(failure.detail()).contains("is open to others");
        assertThat(failure.certain()).isTrue();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hush-hush-secret",
                "-----BEGIN RSA PRIVATE KEY-----\nhush-hush-secret\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"
            })
    void refusesWhatIsNoKeyWithoutQuotingIt(String content) throws IOException {
        AppKeyFile.write(folder.resolve("app.pem"), content, "rw-------");
        assertThat(failure("app.pem").detail()).doesNotContain("hush");
    }

    @Test
    void refusesAShortKeyOfAnotherKindAndALargeFile() throws IOException {
        AppKeyFile.write(
                folder.resolve("short.pem"),
                AppKeyFile.pkcs8(TestKeys.of("RSA1024", "github-short")),
                "rw-------");
        AppKeyFile.write(
                folder.resolve("ec.pem"),
                AppKeyFile.pkcs8(TestKeys.of("P-256", "github-ec")),
                "rw-------");
        AppKeyFile.write(folder.resolve("large.pem"), "A".repeat(20_000), "rw-------");
        assertThat(failure("short.pem").detail()).contains("1024 bits");
        assertThat(failure("ec.pem").detail()).contains("cannot be read as an RSA key");
        assertThat(failure("large.pem").detail()).contains("too large");
        assertThat(failure("missing.pem").detail()).contains("NoSuchFileException");
        assertThat(failure(".").detail()).doesNotContain(folder.toString());
    }

    @Test
    void aCustomResourceNamesNoFile() {
        MintFailure failure =
                catchThrowableOfType(MintFailure.class, () -> keys.key(null, "/etc/key.pem"));
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    private MintFailure failure(String name) {
        return catchThrowableOfType(MintFailure.class, () -> keys.key(folder, name));
    }
}
