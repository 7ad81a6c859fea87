package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AdviseCommandTest {

    @ParameterizedTest
    @CsvSource({
        "laptop, pkce, none",
        "ssh, pkce, device-code",
        "container, pkce, device-code",
        "cloud-ide, workload-identity, device-code",
        "ci, workload-identity, none",
        "pod, workload-identity, none"
    })
    void everyPlaceHasItsSignIn(String runtime, String signIn, String fallback) {
        JsonNode advice = Commands.run("advise", "--runtime", runtime, "--output", "json").json();

        assertThat(advice.path("signIn").asText()).isEqualTo(signIn);
        assertThat(advice.path("fallback").asText()).isEqualTo(fallback);
        assertThat(advice.path("why").asText()).isNotBlank();
        assertThat(advice.path("checks")).isNotEmpty();
    }

    @Test
    void aToolWithoutLoopbackGetsItsDeviceCodeGated() {
        JsonNode advice =
                Commands.run("advise", "--runtime", "laptop", "--tool", "gh", "--output", "json")
                        .json();

        assertThat(advice.path("signIn").asText()).isEqualTo("device-code");
        assertThat(advice.at("/checks/0/id").asText()).isEqualTo("device-gate");
    }

    @Test
    void noDeviceCodeIsOfferedWhereNobodyIsThere() {
        for (String runtime : List.of("ci", "pod")) {
            Ran ran = Commands.run("advise", "--runtime", runtime, "--tool", "az");

            assertThat(ran.out())
                    .contains("workload identity")
                    .contains("--federated-token")
                    .doesNotContain("--use-device-code");
        }
    }

    @Test
    void refusesPlacesAndToolsItDoesNotKnow() {
        assertThat(Commands.run("advise", "--runtime", "mars").err()).contains("cloud-ide");
        assertThat(Commands.run("advise", "--runtime", "ci", "--tool", "nonsense").err())
                .contains("--tool: one of az");
    }

    @Test
    void asksOnATerminal() {
        Ran ran = asked("5", "azure");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).startsWith("A CI job, Azure CLI");
    }

    @Test
    void needsTheRuntimeWhereNobodyCanBeAsked() {
        Ran ran = asked();

        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("--runtime");
    }

    private static Ran asked(String... answers) {
        Deque<String> left = new ArrayDeque<>(List.of(answers));
        CommandLine commandLine = TollbridgeCommand.commandLine();
        AdviseCommand advise =
                Objects.requireNonNull(commandLine.getSubcommands().get("advise")).getCommand();
        advise.terminal = _ -> Optional.ofNullable(left.poll());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int exit = commandLine.execute("advise");
        return new Ran(exit, out.toString(), err.toString());
    }
}
