package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs what the README tells people to type, in its order, then what `docs/getting-started.md`
/// goes on with, in one folder and against one bridge.
///
/// Every block marked `sh` is run by bash as it stands and has to succeed. A comment before a block
/// may say more:
///
/// - `covered by .ci/run`: not run here, for it takes minutes; `.ci/run` has to call it.
/// - `in the background, until: TEXT`: left running once it has printed the text.
/// - `prints: TEXT`: its output has the text.
/// - `ends with N`: its exit code is N.
///
/// `./tollbridge` is the command line of this build in a process of its own, on free ports.
final class ReadmeCommandsTest {

    private static final Pattern LAUNCHED = Pattern.compile("(?m)^\\./(mvnw|tollbridge) (\\w+)");

    @TempDir private Path folder;
    private final List<Process> background = new ArrayList<>();

    @Test
    void whatTheReadmeTellsPeopleToTypeWorks() throws IOException, InterruptedException {
        int port = freePort();
        layOut(port, freePort());
        try {
            for (String page : List.of("README.md", "docs/getting-started.md")) {
                for (Page.Block block : Page.of(page).blocks()) {
                    if (block.language().equals("sh") && block.note("covered by") == null) {
                        run(block, port);
                    }
                }
            }
        } finally {
            for (Process process : background) {
                // A shell in front of a pipe does not hand on what it is told.
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                process.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whatIsNotRunHereIsRunByCi() throws IOException {
        String ci = Files.readString(Page.ROOT.resolve(".ci/run"));
        int covered = 0;
        for (Page.Block block : Page.of("README.md").blocks()) {
            if (block.note("covered by .ci/run") != null) {
                Matcher command = LAUNCHED.matcher(block.content());
                while (command.find()) {
                    assertThat(ci)
                            .containsPattern(
                                    "(?m)^[^#\n]*\\./"
                                            + command.group(1)
                                            + " (-\\S+ )*"
                                            + command.group(2));
                    covered++;
                }
            }
        }
        assertThat(covered).isEqualTo(2);
    }

    /// The project's root as the commands see it: examples, and a launcher that does not build.
    private void layOut(int port, int management) throws IOException {
        copy(Page.ROOT.resolve("examples"), folder.resolve("examples"));
        Path launcher =
                Files.writeString(
                        folder.resolve("tollbridge"),
                        """
                        #!/bin/sh
                        case $1 in
                            serve) set -- "$@" --listen 127.0.0.1:%d --management 127.0.0.1:%d ;;
                            receipt | issuances | revoke | grants)
                                set -- "$@" --management-url http://127.0.0.1:%d ;;
                        esac
                        exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
                            --enable-native-access=ALL-UNNAMED -cp '%s' %s "$@"
                        """
                                .formatted(
                                        port,
                                        management,
                                        management,
                                        System.getProperty("java.home"),
                                        System.getProperty("java.class.path"),
                                        Main.class.getName()));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void run(Page.Block block, int port) throws IOException, InterruptedException {
        String script = block.content().replace("127.0.0.1:8080", "127.0.0.1:" + port);
        Path said = Files.createTempFile(folder, "output-", ".txt");
        Process process =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        String until = block.note("in the background, until:");
        if (until != null) {
            background.add(process);
            while (!read(said).contains(until)) {
                // Waiting for a process to come up: there is nothing to be notified by.
                assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as(read(said)).isFalse();
            }
            return;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("still runs: %s", script).isTrue();
        String expected = block.note("ends with");
        assertThat(process.exitValue())
                .as("%s%n%s", script, read(said))
                .isEqualTo(expected == null ? 0 : Integer.parseInt(expected));
        for (String note : block.notes()) {
            if (note.startsWith("prints: ")) {
                assertThat(read(said)).as(script).contains(note.substring("prints: ".length()));
            }
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
