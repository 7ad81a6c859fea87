package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCommandTest {

    // Put together here, so that no scanner of this repository takes it for somebody's.
    private static final String TOKEN = "gho_" + "Zx9QvN2mK7pLr4TtYw8BcD3fGh6JkS1aUe5o";

    @TempDir Path folder;

    @BeforeEach
    void aLoginInAVariable() throws IOException {
        Files.writeString(folder.resolve(".env"), "LOG=info\nGH_TOKEN=" + TOKEN + "\n");
        Files.writeString(folder.resolve("notes.txt"), "nothing to see\n");
    }

    private Ran scan(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "scan";
        System.arraycopy(more, 0, args, 1, more.length);
        args[args.length - 1] = folder.toString();
        return Commands.run(args);
    }

    @Test
    void findsTheLoginAndNeverPrintsIt() {
        for (String output : new String[] {"text", "json", "sarif"}) {
            Ran ran = scan("--output", output);

            assertThat(ran.exit()).isEqualTo(ExitCode.NO);
            assertThat(ran.out())
                    .contains("env-github-user-token")
                    .doesNotContain(TOKEN.substring(4, 20));
            assertThat(ran.err()).isEmpty();
        }
    }

    @Test
    void saysWhereOnALine() {
        assertThat(scan().out()).contains(".env:2: error: human login proven");
    }

    @Test
    void succeedsOnRequest() {
        assertThat(scan("--exit-zero").exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void succeedsWhereThereIsNothing() throws IOException {
        Files.delete(folder.resolve(".env"));

        Ran ran = scan();

        assertThat(ran.exit()).isEqualTo(ExitCode.DONE);
        assertThat(ran.out()).contains("1 files").contains("0 errors");
    }

    @Test
    void aBaselineIsWrittenThenKnown(@TempDir Path elsewhere) throws IOException {
        String baseline = elsewhere.resolve("known.json").toString();

        assertThat(scan("--baseline", baseline).exit()).isEqualTo(ExitCode.NO);
        Ran second = scan("--baseline", baseline);
        Files.writeString(folder.resolve("new.env"), "GH_TOKEN=" + TOKEN.replace("Zx9", "Zx8"));
        Ran third = scan("--baseline", baseline, "--output", "json");

        assertThat(second.exit()).isEqualTo(ExitCode.DONE);
        assertThat(second.out()).contains("1 in the baseline");
        assertThat(third.exit()).isEqualTo(ExitCode.NO);
        assertThat(third.json().path("findings")).hasSize(1);
        assertThat(third.json().at("/findings/0/path").asText()).endsWith("new.env");
    }

    @Test
    void aReportOfEitherFormIsABaseline(@TempDir Path elsewhere) throws IOException {
        for (String output : new String[] {"json", "sarif"}) {
            Path report = elsewhere.resolve(output);
            Files.writeString(report, scan("--output", output).out());

            assertThat(scan("--baseline", report.toString()).exit()).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void refusesWhatIsNoBaseline(@TempDir Path elsewhere) throws IOException {
        for (String text : new String[] {"{}", "no JSON", "[]"}) {
            Path file = Files.writeString(elsewhere.resolve("file"), text);

            Ran ran = scan("--baseline", file.toString());

            assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).startsWith("tollbridge: --baseline: ");
        }
    }

    @Test
    void refusesAPathThatIsNotThere() {
        Ran ran = Commands.run("scan", folder.resolve("nowhere").toString());

        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("does not exist");
        assertThat(Commands.run("scan").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(scan("--jobs", "0").exit()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void jsonHasLevelVerdictAndAdvice() {
        JsonNode finding = scan("--output", "json").json().at("/findings/0");

        assertThat(finding.path("level").asText()).isEqualTo("error");
        assertThat(finding.path("verdict").asText()).isEqualTo("human-login");
        assertThat(finding.path("line").asInt()).isEqualTo(2);
        assertThat(finding.at("/advice/command").asText()).startsWith("tollbridge advise");
    }

    @Test
    void saysHowFarItIs() {
        assertThat(ScanProgress.line(new dev.tollbridge.webhook.scan.Progress()))
                .isEqualTo("  scanned 0 files, 0 MiB");
    }
}
