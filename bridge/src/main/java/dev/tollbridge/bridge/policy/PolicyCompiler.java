package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.policy.ConditionCompiler.BadCondition;
import dev.tollbridge.bridge.target.KindFacts;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Turns documents into what can be decided on. A grant with a problem is left out, and the problem
/// said.
final class PolicyCompiler {

    private final Documents documents;
    private final TargetRegistry targets;
    private final ConditionCompiler conditions = new ConditionCompiler();
    private final List<Problem> problems = new ArrayList<>();

    PolicyCompiler(Documents documents, TargetRegistry targets) {
        this.documents = documents;
        this.targets = targets;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /// Sorted by name.
    List<Grant> grants() {
        List<Grant> grants = new ArrayList<>(documents.grants().size());
        for (Document<GrantSpec> document : documents.grants().values()) {
            int before = problems.size();
            Grant grant = grant(document);
            if (problems.size() == before) {
                grants.add(grant);
            }
        }
        return grants;
    }

    /// By issuer document's name.
    Map<String, MatchIndex<Match>> denied() {
        Map<String, MatchIndex<Match>> denied = new HashMap<>();
        for (Document<TrustedIssuerSpec> document : documents.issuers().values()) {
            List<Match> matches = new ArrayList<>();
            int number = 0;
            for (var written : document.spec().denied()) {
                String path = "TrustedIssuer/" + document.name() + " spec.denied[" + number++ + "]";
                if (written.isEmpty()) {
                    error(document, "empty-match", path, "names no subject", null);
                    continue;
                }
                // What takes away applies even when the rest is refused: the parts that can be
                // understood alone would deny more than was meant, so an entry counts whole or not.
                int before = problems.size();
                Match match =
                        Match.of(
                                written,
                                (key, what) ->
                                        error(document, "bad-match", path + "." + key, what, null));
                if (problems.size() == before) {
                    matches.add(match);
                }
            }
            if (!matches.isEmpty()) {
                denied.put(document.name(), new MatchIndex<>(matches, match -> match));
            }
        }
        return denied;
    }

    private Grant grant(Document<GrantSpec> document) {
        GrantSpec spec = document.spec();
        String path = "Grant/" + document.name() + " spec";
        if (!documents.issuers().containsKey(spec.issuer())) {
            error(
                    document,
                    "unknown-reference",
                    path + ".issuer",
                    "there is no TrustedIssuer named " + spec.issuer(),
                    Nearest.suggestion(spec.issuer(), documents.issuers().keySet()));
        }
        if (spec.match().isEmpty() && spec.condition() == null) {
            error(
                    document,
                    "empty-match",
                    path + ".match",
                    "with neither match nor condition every token of the issuer would do",
                    null);
        }
        Match match =
                Match.of(
                        spec.match(),
                        (key, what) ->
                                error(document, "bad-match", path + ".match." + key, what, null));
        return new Grant(
                document.name(),
                spec,
                match,
                condition(document, path),
                Grant.until(spec),
                allowances(document, path));
    }

    private @Nullable Condition condition(Document<GrantSpec> document, String path) {
        String text = document.spec().condition();
        if (text == null) {
            return null;
        }
        try {
            return conditions.compile(text);
        } catch (BadCondition e) {
            error(
                    document,
                    "bad-condition",
                    path + ".condition",
                    String.valueOf(e.getMessage()),
                    null);
            return null;
        }
    }

    private Map<String, Allowance> allowances(Document<GrantSpec> document, String path) {
        GrantSpec spec = document.spec();
        Map<String, Allowance> allowances = new LinkedHashMap<>();
        if (spec.allow().isEmpty()) {
            error(document, "empty-allow", path + ".allow", "gives nothing", null);
        }
        for (int i = 0; i < spec.allow().size(); i++) {
            GrantSpec.Allow allow = spec.allow().get(i);
            String here = path + ".allow[" + i + "]";
            Target target = targets.byName(allow.target());
            if (target == null) {
                error(
                        document,
                        "unknown-reference",
                        here + ".target",
                        "there is no Target named " + allow.target(),
                        Nearest.suggestion(allow.target(), documents.targets().keySet()));
                continue;
            }
            if (allowances.containsKey(allow.target())) {
                error(
                        document,
                        "duplicate-target",
                        here + ".target",
                        "one grant names a target once",
                        "list all scopes in one entry");
                continue;
            }
            checkScopes(document, here, allow, target);
            SenderConstraint constraint = spec.senderConstraint();
            if (constraint != null
                    && constraint != SenderConstraint.NONE
                    && !KindFacts.of(target.settings()).bindable()) {
                error(
                        document,
                        "unbindable-constraint",
                        path + ".senderConstraint",
                        "credentials of kind "
                                + target.kind()
                                + " (target "
                                + target.name()
                                + ") cannot be bound to a key",
                        "give that target in a grant of its own");
            }
            Duration ttl = allow.ttl();
            if (ttl != null && !ttl.isPositive()) {
                error(document, "bad-lifetime", here + ".ttl", "a lifetime is positive", null);
            }
            allowances.put(
                    allow.target(),
                    new Allowance(
                            allow.target(),
                            ttl == null || target.maxTtl().compareTo(ttl) < 0
                                    ? target.maxTtl()
                                    : ttl,
                            new TreeSet<>(given(allow, target)),
                            Allowance.Demand.of(target.senderConstraint())
                                    .and(
                                            Allowance.Demand.of(
                                                    constraint == null
                                                            ? SenderConstraint.NONE
                                                            : constraint))));
        }
        return allowances;
    }

    /// Google gives no token without a scope, so a grant that names none gives those of the target,
    /// and one that names some narrows them: the record says which the token has.
    private static List<String> given(GrantSpec.Allow allow, Target target) {
        return allow.scopes().isEmpty() && target.settings() instanceof TargetSpec.Google google
                ? google.scopes()
                : allow.scopes();
    }

    private void checkScopes(
            Document<GrantSpec> document, String here, GrantSpec.Allow allow, Target target) {
        if (!allow.scopes().isEmpty() && !KindFacts.of(target.settings()).scoped()) {
            error(
                    document,
                    "scope-without-meaning",
                    here + ".scopes",
                    "a target of kind " + target.kind() + " has no scopes",
                    null);
        }
        List<String> possible = scopes(target.settings());
        for (String scope : allow.scopes()) {
            if (scope.isEmpty() || !scope.chars().allMatch(PolicyCompiler::scopeCharacter)) {
                error(
                        document,
                        "bad-scope",
                        here + ".scopes",
                        "a scope is printable ASCII without space, quote and backslash (RFC 6749"
                                + " section 3.3)",
                        null);
            } else if (!possible.isEmpty() && !possible.contains(scope)) {
                error(
                        document,
                        "scope-beyond-target",
                        here + ".scopes",
                        "the target " + target.name() + " has no scope " + scope,
                        Nearest.suggestion(scope, possible));
            }
        }
    }

    /// All that any grant may give; empty: the target leaves it to the grants.
    private static List<String> scopes(TargetSpec.TargetSettings settings) {
        return switch (settings) {
            case TargetSpec.Jwt jwt -> jwt.scopes();
            case TargetSpec.Google google -> google.scopes();
            case TargetSpec.Azure azure -> azure.scopes();
            case TargetSpec.OAuth oauth -> oauth.scopes();
            case TargetSpec.Aws _, TargetSpec.Kubernetes _, TargetSpec.GitHub _ -> List.of();
        };
    }

    private static boolean scopeCharacter(int c) {
        return c == 0x21 || c >= 0x23 && c <= 0x5B || c >= 0x5D && c <= 0x7E;
    }

    private void error(
            Document<?> document,
            String rule,
            String path,
            String message,
            @Nullable String suggestion) {
        problems.add(
                new Problem(
                        Severity.ERROR,
                        rule,
                        document.at(path.substring(path.indexOf(' ') + 1)),
                        path,
                        message,
                        suggestion));
    }
}
