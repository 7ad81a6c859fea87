package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.policy.PolicyTests;
import dev.tollbridge.bridge.rules.Rules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tollbridge test`: policy tests, for the CI of a policy repository.
@Command(
        name = "test",
        description = "Runs policy tests: files of claims and the decisions expected on them.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:all decisions are as expected",
            "1:some are not",
            "2:wrong usage, a configuration or cases with errors"
        },
        footer = {
            "",
            "Example:",
            "  tollbridge test --config ./policy ./policy-tests",
            "",
            "The file format is in docs/policy-tests.md."
        })
final class TestCommand implements Callable<Integer> {

    @Mixin private final ConfigOption config = new ConfigOption();

    @Parameters(
            paramLabel = "CASES",
            arity = "1..*",
            description = "Files, or directories of *.yaml files.")
    private List<Path> cases = List.of();

    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        Rules rules = config.acceptable(InstantSource.system()).rules();
        PolicyTests tests = new PolicyTests(rules.policy(), rules.issuers(), Instant.now());
        List<PolicyTests.Result> results = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files()) {
            PolicyTests.Report report = tests.run(file.toString(), read(file));
            results.addAll(report.results());
            report.problems().forEach(problem -> problems.add(problem.toString()));
        }
        if (!problems.isEmpty()) {
            throw CommandFailure.usage(
                    "policy tests with errors:\n  " + String.join("\n  ", problems));
        }
        long failed = results.stream().filter(result -> result.difference() != null).count();
        print(results, failed);
        return failed == 0 ? ExitCode.DONE : ExitCode.NO;
    }

    private void print(List<PolicyTests.Result> results, long failed) {
        PrintWriter out = output.out();
        if (output.json()) {
            out.println(JsonOutput.pretty(results.stream().map(TestCommand::json).toList()));
        } else {
            for (PolicyTests.Result result : results) {
                out.println(
                        (result.difference() == null ? "ok      " : "FAILED  ") + result.name());
                if (result.difference() != null) {
                    out.println("        " + result.difference());
                }
            }
            out.printf(Locale.ROOT, "%d passed, %d failed%n", results.size() - failed, failed);
        }
        out.flush();
    }

    private static Map<String, @Nullable Object> json(PolicyTests.Result result) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", result.name());
        tree.put("passed", result.difference() == null);
        tree.put("difference", result.difference());
        return tree;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path given : cases) {
            if (!Files.isDirectory(given)) {
                files.add(given);
                continue;
            }
            try (Stream<Path> inside = Files.walk(given)) {
                inside.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                throw CommandFailure.usage(given + " cannot be read");
            }
        }
        if (files.isEmpty()) {
            throw CommandFailure.usage("there are no *.yaml files to test with");
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw CommandFailure.usage(file + " cannot be read");
        }
    }
}
