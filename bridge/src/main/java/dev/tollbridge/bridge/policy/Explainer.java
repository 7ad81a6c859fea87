package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.policy.Ruling.Granted;
import dev.tollbridge.bridge.policy.Ruling.Refused;
import dev.tollbridge.bridge.policy.Trace.Outcome;
import dev.tollbridge.bridge.policy.Trace.Step;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what would be decided and why, condition by condition, for every grant that could matter.
/// Mints nothing, asks nobody. What it shows of claims is the asker's own.
public final class Explainer {

    /// Of very many grants for one target, the nearest are shown.
    private static final int SHOWN = 20;

    /// @param tree JSON values: maps, lists, strings, numbers, booleans
    /// @param text the same for people
    /// @param granted whether a credential would be given, for every target that was asked about
    public record Explanation(Map<String, @Nullable Object> tree, String text, boolean granted) {}

    private final PolicySet policies;

    public Explainer(PolicySet policies) {
        this.policies = policies;
    }

    /// The trusted issuer that claims belong to, of which nobody has verified anything: the one
    /// named; or the one of their `iss` and `aud`; or, where these say nothing, the only one there
    /// is. Null: it cannot be told.
    public static @Nullable TrustedIssuer issuerOf(
            IssuerRegistry issuers, Claims claims, @Nullable String name) {
        if (name != null) {
            return issuers.named(name);
        }
        List<TrustedIssuer> fitting = new ArrayList<>();
        for (TrustedIssuer issuer : issuers.enabled().values()) {
            if ((!claims.has("iss") || issuer.issuer().equals(claims.get("iss")))
                    && (!claims.has("aud") || addressed(issuer, claims.get("aud")))) {
                fitting.add(issuer);
            }
        }
        return fitting.size() == 1 ? fitting.getFirst() : null;
    }

    private static boolean addressed(TrustedIssuer issuer, @Nullable Object audience) {
        return issuer.audience().equals(audience) || List.of(issuer.audience()).equals(audience);
    }

    /// @param request which target, scope and lifetime; a request without audiences and resources
    ///   asks about every target that a grant of this issuer gives
    /// @param claims as the token has them; nothing about the token's signature is looked at
    public Explanation explain(
            TrustedIssuer issuer,
            Claims claims,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        Subject subject = Subject.unverified(issuer, claims);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        tree.put("issuer", issuer.name());
        text.append("issuer ").append(issuer.name()).append('\n');
        List<Target> targets;
        try {
            targets = targets(issuer, request);
        } catch (Refusal refusal) {
            tree.put("decision", "refused");
            tree.put("reason", refusal.reason().code());
            tree.put("detail", refusal.detail());
            text.append("refused: ").append(refusal.reason().code());
            text.append(" (").append(refusal.detail()).append(")\n");
            return new Explanation(tree, text.toString(), false);
        }
        boolean granted = !targets.isEmpty();
        List<Object> explained = new ArrayList<>();
        for (Target target : targets) {
            Ruling ruling = policies.judge(subject, target, request, proof, proofPossible, now);
            List<Trace> traces =
                    traces(subject, target, ruling, request, proof, proofPossible, now);
            explained.add(tree(target, ruling, traces));
            text(text, target, ruling, traces);
            granted &= ruling instanceof Granted;
        }
        if (targets.isEmpty()) {
            text.append("no grant of this issuer gives anything\n");
        }
        tree.put("decision", granted ? "granted" : "refused");
        tree.put("targets", explained);
        return new Explanation(tree, text.toString(), granted);
    }

    private List<Target> targets(TrustedIssuer issuer, TargetRequest request) {
        if (!request.audiences().isEmpty() || !request.resources().isEmpty()) {
            return List.of(policies.targets().select(request));
        }
        List<Target> targets = new ArrayList<>();
        for (Target target : policies.targets().all()) {
            if (policies.grants().stream()
                    .anyMatch(grant ->
                            grant.spec().issuer().equals(issuer.name())
                                    && grant.allowances().containsKey(target.name()))) {
                targets.add(target);
            }
        }
        return targets;
    }

    /// Nearest first.
    private List<Trace> traces(
            Subject subject,
            Target target,
            Ruling ruling,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        List<Trace> traces = new ArrayList<>();
        for (Grant grant : policies.grants()) {
            Allowance allowance = grant.allowances().get(target.name());
            if (allowance == null || !grant.spec().issuer().equals(subject.issuer().name())) {
                continue;
            }
            List<Step> steps = Trace.steps(grant, subject);
            Refused refused =
                    Ruler.rule(
                                            subject,
                                            target,
                                            grant,
                                            allowance,
                                            request,
                                            proof,
                                            proofPossible,
                                            null,
                                            now)
                                    instanceof Refused no
                            ? no
                            : null;
            boolean matches = steps.stream().allMatch(Step::holds);
            Outcome outcome;
            if (!grant.spec().enabled()) {
                outcome = Outcome.DISABLED;
            } else if (grant.expired(now)) {
                outcome = Outcome.EXPIRED;
            } else if (!matches) {
                outcome = Outcome.NO_MATCH;
            } else if (grant.shadow()) {
                outcome = Outcome.SHADOW;
            } else if (refused != null) {
                outcome = Outcome.REFUSES;
            } else if (ruling instanceof Granted granted
                    && granted.grant().name().equals(grant.name())) {
                outcome = Outcome.DECIDES;
            } else {
                outcome = Outcome.WOULD_DO_TOO;
            }
            traces.add(new Trace(grant, outcome, steps, matches ? refused : null));
        }
        traces.sort(
                Comparator.comparingInt((Trace trace) -> trace.outcome() == Outcome.DECIDES ? 0 : 1)
                        .thenComparingInt(Trace::failures)
                        .thenComparing(Trace::outcome)
                        .thenComparing(trace -> trace.grant().name()));
        return traces;
    }

    private static Map<String, @Nullable Object> tree(
            Target target, Ruling ruling, List<Trace> traces) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("target", target.name());
        tree.put("kind", target.kind());
        switch (ruling) {
            case Granted granted -> {
                tree.put("decision", "granted");
                tree.put("grant", granted.grant().name());
                tree.put("scope", String.join(" ", granted.scope()));
                tree.put("ttl", granted.lifetime().ttl().toSeconds());
                tree.put("ttl_set_by", granted.lifetime().bound().words());
                tree.put("sender_constrained", !SenderProof.NONE.equals(granted.boundTo()));
                tree.put("shadows", granted.shadows());
            }
            case Refused refused -> {
                tree.put("decision", "refused");
                tree.put("reason", refused.reason().code());
                tree.put("detail", refused.detail());
                if (!traces.isEmpty()) {
                    tree.put("nearest", traces.getFirst().grant().name());
                    Step failing = traces.getFirst().firstFailing();
                    if (failing != null) {
                        tree.put("first_failing", failing.words());
                    }
                }
            }
        }
        tree.put("grants", traces.stream().limit(SHOWN).<Object>map(Trace::tree).toList());
        tree.put("grants_not_shown", Math.max(0, traces.size() - SHOWN));
        return tree;
    }

    private static void text(StringBuilder text, Target target, Ruling ruling, List<Trace> traces) {
        text.append("\ntarget ").append(target.name()).append(" (").append(target.kind());
        switch (ruling) {
            case Granted granted -> {
                text.append("): granted by ").append(granted.grant().name());
                text.append("\n  scope: ");
                text.append(granted.scope().isEmpty() ? "none" : String.join(" ", granted.scope()));
                text.append("\n  lifetime: ").append(granted.lifetime().ttl().toSeconds());
                text.append("s, set by ").append(granted.lifetime().bound().words());
                text.append('\n');
            }
            case Refused refused -> {
                text.append("): refused, ").append(refused.reason().code());
                text.append("\n  ").append(refused.detail()).append('\n');
                Step failing = traces.isEmpty() ? null : traces.getFirst().firstFailing();
                if (failing != null) {
                    text.append("  nearest grant: ").append(traces.getFirst().grant().name());
                    text.append("; first failing: ").append(failing.words()).append('\n');
                }
            }
        }
        for (Trace trace : traces.subList(0, Math.min(SHOWN, traces.size()))) {
            text.append("  grant ").append(trace.grant().name()).append(' ');
            text.append(trace.outcome().words()).append('\n');
            if (trace.refusal() != null) {
                text.append("    FAIL ").append(trace.refusal().detail()).append('\n');
            }
            for (Step step : trace.steps()) {
                text.append(step.holds() ? "    ok   " : "    FAIL ");
                text.append(step.words()).append('\n');
            }
        }
        if (traces.size() > SHOWN) {
            text.append("  and ").append(traces.size() - SHOWN).append(" grants further off\n");
        }
    }
}
