package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.Commands.Ran;
import dev.tollbridge.bridge.testing.LongJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tollbridge exchange --session`: a command that takes longer than its credential lives.
class SessionRunTest {

    /// Copies what is in the file given as `$1` to `$2.N` whenever it is another, three times.
    private static final String WATCH =
            """
            n=0; last=; ls -l "$1" >"$2.mode"
            while [ $n -lt 3 ]; do
                now=$(cat "$1")
                if [ "$now" != "$last" ]; then n=$((n + 1)); last=$now; printf %s "$now" >"$2.$n"; fi
                sleep 0.1
            done
            exit 7
            """;

    @TempDir private static Path folder;
    private static LongJobs longJobs;
    private static ServedBridge bridge;

    @BeforeAll
    static void serve() throws IOException {
        longJobs = new LongJobs(folder);
        bridge = new ServedBridge(longJobs.settings("data").withRequiredDpopNonce());
    }

    @AfterAll
    static void end() {
        bridge.close();
    }

    private static Ran run(String target, String... more) throws IOException {
        Path file = longJobs.tokenFile();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "exchange",
                                "--url",
                                bridge.url(),
                                "--token-file",
                                file.toString(),
                                "--target",
                                target));
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    @Test
    void aCommandOutlivesItsCredential() throws IOException {
        Path out = folder.resolve("credential");
        Path seen = folder.resolve("seen");
        Ran ran =
                run(
                        "internal-api",
                        "--format",
                        "json",
                        "--session",
                        "--out",
                        out.toString(),
                        "--",
                        "sh",
                        "-c",
                        WATCH,
                        "watch",
                        out.toString(),
                        seen.toString());
        assertThat(ran.exit()).as(ran.err()).isEqualTo(7);
        assertThat(ran.out()).isEmpty();
        assertThat(out).doesNotExist();
        assertThat(Files.readString(folder.resolve("seen.mode"))).startsWith("-rw-------");
        Set<String> credentials = new HashSet<>();
        for (int i = 1; i <= 3; i++) {
            String answer = Files.readString(folder.resolve("seen." + i));
            assertThat(answer).contains("access_token").doesNotContain("snh_");
            String credential = answer.replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
            credentials.add(credential);
            assertThat(bridge.introspect(credential).path("active").asBoolean()).isFalse();
        }
        assertThat(credentials).hasSize(3);
        assertThat(bridge.metrics())
                .contains("tollbridge_sessions_ended_total{why=\"revoked\"} 1")
                .doesNotContain("tollbridge_session_alarms_total{");
    }

    @Test
    void aGrantWithoutSessionRunsNothing() throws IOException {
        Path ran = folder.resolve("ran");
        Ran refused =
                run(
                        "no-session",
                        "--session",
                        "--out",
                        folder.resolve("none").toString(),
                        "--",
                        "touch",
                        ran.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("refused: session_refused (receipt rct_", "Next: ");
        assertThat(ran).doesNotExist();
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aCommandThatIsNotThereIsSaidAndNothingLeft() throws IOException {
        Path out = folder.resolve("unused");
        Ran ran =
                run(
                        "internal-api",
                        "--session",
                        "--out",
                        out.toString(),
                        "--",
                        folder.resolve("no-such-command").toString());
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("cannot be run");
        assertThat(out).doesNotExist();
    }

    @Test
    void wrongUseIsSaid() throws IOException {
        assertThat(run("internal-api", "--session").err()).contains("--session needs --out FILE");
        assertThat(run("internal-api", "--", "ls").err()).contains("goes with --session");
        assertThat(run("internal-api", "--session", "--dpop", "--out", "x", "--", "ls").err())
                .contains("makes a key of its own");
    }
}
