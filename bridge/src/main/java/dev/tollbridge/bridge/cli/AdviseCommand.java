package dev.tollbridge.bridge.cli;

import dev.tollbridge.webhook.advise.AdviceReport;
import dev.tollbridge.webhook.advise.Matrix;
import dev.tollbridge.webhook.advise.Recommendation;
import dev.tollbridge.webhook.advise.RuntimeClass;
import dev.tollbridge.webhook.advise.Tool;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge advise`: which sign-in fits where something runs.
@Command(
        name = "advise",
        description =
                "Says which sign-in fits where something runs, why, what to check, and what to do instead of a"
                        + " stored login. Asks on a terminal.",
        mixinStandardHelpOptions = true,
        exitCodeList = {"0:done", "2:wrong usage"},
        footer = {
            "",
            "Examples:",
            "  tollbridge advise",
            "  tollbridge advise --runtime ci --tool az",
            "  tollbridge advise --runtime ssh --output json"
        })
final class AdviseCommand implements Callable<Integer> {

    @Option(
            names = "--runtime",
            paramLabel = "laptop|ssh|container|cloud-ide|ci|pod",
            description = "Where it runs.")
    private @Nullable String runtime;

    @Option(
            names = "--tool",
            paramLabel = "NAME",
            description = "What signs in: az, gcloud, aws, gh, docker, ...")
    private @Nullable String tool;

    @Mixin private final OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    /// Asks a question and gives the answer; empty where there is nobody to ask.
    Function<String, Optional<String>> terminal = AdviseCommand::ask;

    @Override
    public Integer call() {
        Matrix matrix = Matrix.shipped();
        boolean asked = runtime == null;
        RuntimeClass where = asked ? askRuntime(matrix) : named(matrix, String.valueOf(runtime));
        String what = tool;
        if (asked && what == null) {
            what =
                    terminal.apply("What signs in there (az, gcloud, gh, ...; empty for any)? ")
                            .orElse("");
        }
        Recommendation advice =
                matrix.recommend(
                        where,
                        what == null || what.isBlank()
                                ? Optional.empty()
                                : Optional.of(tool(matrix, what.strip())));
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(JsonOutput.pretty(AdviceReport.json(advice)));
        } else {
            AdviceReport.text(advice).forEach(out::println);
        }
        out.flush();
        return ExitCode.DONE;
    }

    private RuntimeClass askRuntime(Matrix matrix) {
        List<RuntimeClass> all = matrix.runtimes();
        StringBuilder question = new StringBuilder("Where does it run?\n");
        for (int i = 0; i < all.size(); i++) {
            question.append("  ").append(i + 1).append("  ").append(all.get(i).id());
            question.append(": ").append(all.get(i).title()).append('\n');
        }
        String answer =
                terminal.apply(question.append("Number or name: ").toString())
                        .orElseThrow(() ->
                                CommandFailure.usage(
                                        "--runtime is needed where nobody can be asked: "
                                                + names(matrix)))
                        .strip();
        boolean number = answer.matches("[1-9]") && Integer.parseInt(answer) <= all.size();
        return number ? all.get(Integer.parseInt(answer) - 1) : named(matrix, answer);
    }

    private static RuntimeClass named(Matrix matrix, String name) {
        return matrix.runtime(name)
                .orElseThrow(() -> CommandFailure.usage("--runtime: one of " + names(matrix)));
    }

    private static Tool tool(Matrix matrix, String name) {
        return matrix.tool(name)
                .orElseThrow(() ->
                        CommandFailure.usage(
                                "--tool: one of "
                                        + matrix.tools().stream()
                                                .map(Tool::id)
                                                .collect(Collectors.joining(", "))
                                        + "; without it the advice is for any tool"));
    }

    private static String names(Matrix matrix) {
        return matrix.runtimes().stream().map(RuntimeClass::id).collect(Collectors.joining(", "));
    }

    private static Optional<String> ask(String question) {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readLine("%s", question));
    }
}
