package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.issuer.Preset;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds grants that load but are dangerous: ones that admit more than their author meant.
///
/// An error refuses the configuration, unless the grant says `acknowledge: [rule-id]`. Rules about
/// claims need an issuer with a preset, enabled: without facts there is nothing to know.
public final class Lint {

    private static final String UNKNOWN_ACKNOWLEDGEMENT = "unknown-acknowledgement";
    private static final String NEEDLESS_ACKNOWLEDGEMENT = "needless-acknowledgement";
    private static final String DEAD_GRANT = "dead-grant";
    private static final String DENIED_CLAIM = "denied-unknown-claim";

    /// Ids of all rules, as written in `acknowledge` and as names of documentation pages.
    public static final List<String> RULES = rules();

    private Lint() {}

    private static List<String> rules() {
        List<String> ids = new ArrayList<>();
        LintRules.ALL.forEach(rule -> ids.add(rule.id()));
        ids.addAll(
                List.of(
                        DEAD_GRANT,
                        DENIED_CLAIM,
                        UNKNOWN_ACKNOWLEDGEMENT,
                        NEEDLESS_ACKNOWLEDGEMENT));
        return List.copyOf(ids);
    }

    /// @param policies compiled from the same documents; grants that did not compile are not looked
    ///   at
    /// @param now for grants that have expired
    /// @return problems, in order of the grants' names
    public static List<Problem> lint(
            Documents documents, PolicySet policies, IssuerRegistry issuers, Instant now) {
        List<Problem> problems = new ArrayList<>();
        Map<Sameness, String> seen = new HashMap<>();
        for (Grant grant : policies.grants()) {
            Document<GrantSpec> document = documents.grants().get(grant.name());
            TrustedIssuer issuer = issuers.named(grant.spec().issuer());
            if (document == null) {
                continue;
            }
            acknowledgements(document, problems::add);
            duplicate(document, grant, seen, problems::add);
            if (issuer != null && grant.spec().enabled()) {
                LintSubject subject =
                        new LintSubject(
                                grant,
                                issuer,
                                Constraints.of(grant.match(), grant.condition()),
                                policies.targets(),
                                now);
                check(document, subject, problems::add);
            }
        }
        for (Document<TrustedIssuerSpec> document : documents.issuers().values()) {
            TrustedIssuer issuer = issuers.named(document.name());
            if (issuer != null && issuer.preset() != null) {
                denied(document, issuer.preset(), problems::add);
            }
        }
        return problems;
    }

    private static void check(
            Document<GrantSpec> document, LintSubject subject, Consumer<Problem> problems) {
        Set<String> needed = new HashSet<>();
        for (LintRule rule : LintRules.ALL) {
            rule.check()
                    .look(
                            subject,
                            (path, message, suggestion) -> {
                                if (rule.acknowledgeable()
                                        && subject.spec().acknowledge().contains(rule.id())) {
                                    needed.add(rule.id());
                                } else {
                                    problems.accept(
                                            problem(
                                                    document,
                                                    rule.severity(),
                                                    rule.id(),
                                                    path,
                                                    message,
                                                    suggestion));
                                }
                            });
        }
        for (String acknowledged : subject.spec().acknowledge()) {
            if (RULES.contains(acknowledged) && !needed.contains(acknowledged)) {
                problems.accept(
                        problem(
                                document,
                                Severity.WARNING,
                                NEEDLESS_ACKNOWLEDGEMENT,
                                "acknowledge",
                                "nothing of " + acknowledged + " is in this grant",
                                "remove it, so that it cannot hide a later mistake"));
            }
        }
    }

    private static void acknowledgements(Document<GrantSpec> document, Consumer<Problem> problems) {
        for (String id : document.spec().acknowledge()) {
            if (!RULES.contains(id)) {
                problems.accept(
                        problem(
                                document,
                                Severity.ERROR,
                                UNKNOWN_ACKNOWLEDGEMENT,
                                "acknowledge",
                                id.equals("*")
                                        ? "dangers are accepted one by one"
                                        : "there is no rule '" + id + "'",
                                Nearest.suggestion(id, RULES)));
            }
        }
    }

    /// Two grants with one `Sameness` admit the same subjects to the same things.
    private record Sameness(
            String issuer,
            Match match,
            @Nullable String condition,
            List<GrantSpec.Allow> allow,
            GrantSpec.Mode mode) {}

    private static void duplicate(
            Document<GrantSpec> document,
            Grant grant,
            Map<Sameness, String> seen,
            Consumer<Problem> problems) {
        GrantSpec spec = grant.spec();
        if (!spec.enabled()) {
            return;
        }
        Sameness sameness =
                new Sameness(
                        spec.issuer(), grant.match(), spec.condition(), spec.allow(), spec.mode());
        String first = seen.putIfAbsent(sameness, grant.name());
        if (first != null) {
            problems.accept(
                    problem(
                            document,
                            Severity.WARNING,
                            DEAD_GRANT,
                            "match",
                            "grant " + first + " already gives the same to the same subjects",
                            "delete one of them"));
        }
    }

    /// A misspelt claim in `denied` denies nobody, and nobody would notice.
    private static void denied(
            Document<TrustedIssuerSpec> document, Preset preset, Consumer<Problem> problems) {
        for (int i = 0; i < document.spec().denied().size(); i++) {
            for (String claim : document.spec().denied().get(i).keySet()) {
                if (preset.fact(claim) == null) {
                    String meant = Nearest.suggestion(claim, preset.claims().keySet());
                    problems.accept(
                            new Problem(
                                    // Platforms add claims without notice, and an emergency is no
                                    // time to be refused over one.
                                    meant == null ? Severity.WARNING : Severity.ERROR,
                                    DENIED_CLAIM,
                                    document.at("spec.denied"),
                                    "TrustedIssuer/"
                                            + document.name()
                                            + " spec.denied["
                                            + i
                                            + "]."
                                            + claim,
                                    "tokens of "
                                            + preset.id()
                                            + " are not known to have this claim: the entry would"
                                            + " deny nobody",
                                    meant));
                }
            }
        }
    }

    private static Problem problem(
            Document<GrantSpec> document,
            Severity severity,
            String rule,
            String path,
            String message,
            @Nullable String suggestion) {
        return new Problem(
                severity,
                rule,
                document.at("spec." + path),
                "Grant/" + document.name() + " spec." + path,
                message,
                suggestion);
    }
}
