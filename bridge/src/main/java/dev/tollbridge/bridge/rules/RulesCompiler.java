package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.issuer.TrustedIssuers;
import dev.tollbridge.bridge.policy.Lint;
import dev.tollbridge.bridge.policy.PolicySet;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes rules of documents, and says everything that is wrong or dangerous at once. Start-up, hot
/// reload, `check`, `explain` and `test` all go through here.
public final class RulesCompiler {

    private final PresetCatalogue presets;
    private final @Nullable String externalUrl;
    private final @Nullable Path directory;
    private final InstantSource clock;
    private final @Nullable Predicate<String> allowedEndpoint;

    /// For `check` and its like, which are not told what a bridge may talk to.
    ///
    /// @param externalUrl the bridge's own issuer name; null where it is not known, as in `check`
    /// @param directory where the documents' files lie; null for custom resources
    /// @param clock says which grants have expired, for the linter
    public RulesCompiler(
            PresetCatalogue presets,
            @Nullable String externalUrl,
            @Nullable Path directory,
            InstantSource clock) {
        this(presets, externalUrl, directory, clock, null);
    }

    /// @param allowedEndpoint whether the operator allowed an endpoint that a target names; null
    ///   where that is not known
    public RulesCompiler(
            PresetCatalogue presets,
            @Nullable String externalUrl,
            @Nullable Path directory,
            InstantSource clock,
            @Nullable Predicate<String> allowedEndpoint) {
        this.presets = presets;
        this.externalUrl = externalUrl;
        this.directory = directory;
        this.clock = clock;
        this.allowedEndpoint = allowedEndpoint;
    }

    /// @param rules what could be understood; fit to be put in force only when no problem is an
    ///   error
    public record Compiled(Rules rules, List<Problem> problems) {
        public boolean acceptable() {
            return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
        }
    }

    /// Everything: what reading found, what the registries and policy found, and the linter.
    public Compiled compile(Loaded loaded) {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        Rules rules = compile(loaded.documents(), problems);
        problems.addAll(
                Lint.lint(loaded.documents(), rules.policy(), rules.issuers(), clock.instant()));
        return new Compiled(rules, List.copyOf(problems));
    }

    /// What of a reading can be put in force where there is no last good one: without the documents
    /// that have an error, and without those that refer to them. Never more than was written.
    ///
    /// @return the rules of what is left, and every problem of the whole
    public Compiled acceptablePart(Loaded loaded) {
        Compiled whole = compile(loaded);
        if (whole.acceptable()) {
            return whole;
        }
        Documents left = loaded.documents();
        List<Problem> problems = whole.problems();
        while (true) {
            Documents fewer = left.without(problems);
            if (fewer.equals(left)) {
                // What is wrong is no document's.
                return new Compiled(withoutLint(Documents.EMPTY), whole.problems());
            }
            left = fewer;
            problems = new ArrayList<>();
            Rules rules = compile(left, problems);
            problems.addAll(Lint.lint(left, rules.policy(), rules.issuers(), clock.instant()));
            if (problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR)) {
                return new Compiled(rules, whole.problems());
            }
        }
    }

    /// Rules of documents that were good before something was taken away from them.
    Rules withoutLint(Documents documents) {
        return compile(documents, new ArrayList<>());
    }

    private Rules compile(Documents documents, List<Problem> problems) {
        TrustedIssuers.Compiled issuers =
                TrustedIssuers.compile(documents, presets, directory, externalUrl);
        problems.addAll(issuers.problems());
        WrittenKeys.check(documents, issuers.registry().enabled().values(), problems);
        TargetRegistry.Compiled targets =
                TargetRegistry.compile(
                        documents,
                        issuers.registry().enabled().values().stream()
                                .map(TrustedIssuer::audience)
                                .collect(Collectors.toSet()),
                        externalUrl,
                        directory);
        problems.addAll(targets.problems());
        if (allowedEndpoint != null) {
            WrittenEndpoints.check(documents, allowedEndpoint, problems);
        }
        PolicySet.Compiled policies = PolicySet.compile(documents, targets.registry());
        problems.addAll(policies.problems());
        return new Rules(documents, issuers.registry(), targets.registry(), policies.policies());
    }
}
