package dev.tollbridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes into an image of what the build left behind.
@DisplayName("The files of an image")
class ProgramsTest {

    @TempDir private Path folder;
    private Path home;

    @BeforeEach
    void build() throws IOException {
        Path lib = folder.resolve("root/bridge/target/lib");
        for (String file :
                List.of(
                        "tollbridge-bridge-1.jar",
                        "tollbridge-sidecar-1.jar",
                        "guava-33.jar",
                        "netty-epoll-4-linux-x86_64.jar",
                        "netty-epoll-4-linux-aarch_64.jar",
                        "tollbridge.aot",
                        "x86_64/crypto-linux-x86_64.jar",
                        "aarch64/crypto-linux-aarch_64.jar")) {
            write(lib.resolve(file));
        }
        write(folder.resolve("root/tollbridge"));
        write(folder.resolve("root/sidecar/target/tollbridge-sidecar-sbom.json"));
        home = folder.resolve("home");
        Files.createDirectories(home);
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, file.getFileName().toString());
    }

    private Options options(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--root", folder.resolve("root").toString(),
                                "--out", folder.resolve("out").toString(),
                                "--version", "1",
                                "--timestamp", "2026-11-21T00:00:00Z",
                                "--base", "machine",
                                "--aot", "off"));
        arguments.addAll(List.of(more));
        return Options.of(arguments);
    }

    private List<String> laid() throws IOException {
        return Trees.files(home).stream().map(file -> home.relativize(file).toString()).toList();
    }

    @Test
    void takesTheLibrariesOfItsOwnProcessorAlone() throws IOException {
        Programs.lay(
                options("--architectures", "arm64"), Product.TOLLBRIDGE, Architecture.ARM64, home);
        assertThat(laid())
                .contains("lib/aarch64/crypto-linux-aarch_64.jar", "lib/guava-33.jar")
                .contains("lib/netty-epoll-4-linux-aarch_64.jar")
                .doesNotContain("lib/netty-epoll-4-linux-x86_64.jar")
                .noneMatch(file -> file.startsWith("lib/x86_64"));
    }

    @Test
    void leavesTheCachesOfTheBuildMachineBehind() throws IOException {
        Programs.lay(
                options("--architectures", "amd64"), Product.TOLLBRIDGE, Architecture.AMD64, home);
        assertThat(laid()).noneMatch(file -> file.endsWith(".aot"));
    }

    @Test
    void givesTheSidecarNothingOfTheBridge() throws IOException {
        Programs.lay(
                options("--architectures", "amd64"), Product.SIDECAR, Architecture.AMD64, home);
        assertThat(laid())
                .containsExactly(
                        "lib/tollbridge-sidecar-1.jar",
                        "sbom/tollbridge-sidecar.cdx.json",
                        "tollbridge");
    }

    @Test
    void datesEveryFileTheSame() throws IOException {
        Instant time = Instant.parse("2026-11-21T00:00:00Z");
        Path root = folder.resolve("root");
        Trees.date(root, time);
        for (Path file : Trees.files(root)) {
            assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(time);
        }
    }

    @Test
    void saysWhichJdkIsMissing() {
        Architecture other =
                Architecture.ofThisMachine() == Architecture.AMD64
                        ? Architecture.ARM64
                        : Architecture.AMD64;
        assertThatThrownBy(() -> options("--architectures", other.image()).jdk(other))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("-Dimages.jdk." + other.image() + "=PATH");
    }

    @Test
    void takesAnEmptyValueForNoneGiven() {
        Options options =
                options("--architectures", "amd64,arm64", "--ca", "--jdk-arm64", "/opt/jdk");
        assertThat(options.ca()).isNull();
        assertThat(options.architectures()).containsExactly(Architecture.AMD64, Architecture.ARM64);
        assertThat(options.jdk(Architecture.ARM64)).isEqualTo(Path.of("/opt/jdk"));
    }

    @Test
    void knowsNoOtherProcessors() {
        assertThatThrownBy(() -> options("--architectures", "s390x"))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("s390x");
    }
}
