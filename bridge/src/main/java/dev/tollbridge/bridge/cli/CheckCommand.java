package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.rules.RulesCompiler;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge check`: everything that is wrong or dangerous in a configuration, at once.
@Command(
        name = "check",
        description = "Reads a configuration and says everything that is wrong or dangerous in it.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it can be put in force; warnings are printed",
            "1:it cannot",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge check --config ./policy",
            "  tollbridge check --config ./policy --output sarif > check.sarif"
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--output",
            paramLabel = "text|json|sarif",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        RulesCompiler.Compiled compiled = config.compile(InstantSource.system());
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> text(out, compiled);
            case JSON -> out.println(JsonOutput.pretty(json(compiled)));
            case SARIF ->
                    out.println(
                            JsonOutput.pretty(
                                    SarifReport.of(compiled.problems(), config.directory())));
        }
        out.flush();
        return compiled.acceptable() ? ExitCode.DONE : ExitCode.NO;
    }

    private static void text(PrintWriter out, RulesCompiler.Compiled compiled) {
        for (Problem problem : compiled.problems()) {
            out.printf(
                    Locale.ROOT,
                    "%s: %s: %s: %s [%s]%n",
                    problem.place(),
                    code(problem.severity()),
                    problem.path(),
                    problem.message(),
                    problem.rule());
            if (problem.suggestion() != null) {
                out.println("    " + problem.suggestion());
            }
        }
        Documents documents = compiled.rules().documents();
        long errors =
                compiled.problems().stream().filter(p -> p.severity() == Severity.ERROR).count();
        out.printf(
                Locale.ROOT,
                "%s: %d issuers, %d targets, %d grants; %d errors, %d warnings%n",
                compiled.acceptable() ? "ok" : "refused",
                documents.issuers().size(),
                documents.targets().size(),
                documents.grants().size(),
                errors,
                compiled.problems().size() - errors);
    }

    private static Map<String, @Nullable Object> json(RulesCompiler.Compiled compiled) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("acceptable", compiled.acceptable());
        tree.put("problems", compiled.problems().stream().map(CheckCommand::json).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> json(Problem problem) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("severity", code(problem.severity()));
        tree.put("rule", problem.rule());
        tree.put("file", problem.place().file());
        tree.put("line", problem.place().line());
        tree.put("path", problem.path());
        tree.put("message", problem.message());
        tree.put("suggestion", problem.suggestion());
        return tree;
    }

    private static String code(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
