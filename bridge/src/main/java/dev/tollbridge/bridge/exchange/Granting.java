package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The part of the way that every exchange shares once it is known who asks: for each target
/// decide, reserve, mint, record.
final class Granting {

    private final ExchangeSteps steps;
    private final Issuing issuing;
    private final Refusals refusals;
    private final EachTarget eachTarget;

    Granting(ExchangeSteps steps, Refusals refusals) {
        this.steps = steps;
        this.issuing = new Issuing(steps);
        this.refusals = refusals;
        this.eachTarget = new EachTarget(steps.threads());
    }

    /// Who asks, by what rules, and how.
    ///
    /// @param sessionAge how old the job session is that is asked for or asked with; null: none
    /// @param narrowed what of a request counts; may refuse by throwing
    record Asker(
            Rules rules,
            WorkloadIdentity identity,
            SenderProof proof,
            boolean proofPossible,
            @Nullable Duration sessionAge,
            UnaryOperator<TargetRequest> narrowed) {}

    List<ExchangeOutcome> each(Attempt attempt, Asker asker, List<TargetRequest> targets) {
        Set<TargetRequest> again = namedBefore(asker.rules(), targets);
        return eachTarget.of(targets, wanted -> issue(attempt, asker, wanted, again));
    }

    private ExchangeOutcome issue(
            Attempt attempt, Asker asker, TargetRequest wanted, Set<TargetRequest> again) {
        Rules rules = asker.rules();
        Decision decision = null;
        try {
            if (again.contains(wanted)) {
                throw new Refusal(
                        RefusalReason.GRANT_MISSING,
                        "this is another spelling of a target that the request names before");
            }
            decision =
                    rules.policy()
                            .decide(
                                    asker.identity(),
                                    asker.narrowed().apply(wanted),
                                    asker.proof(),
                                    asker.proofPossible(),
                                    asker.sessionAge(),
                                    attempt.time());
            Issued issued = issuing.issue(attempt, decision);
            recordShadows(attempt, decision.shadows(), decision, decision.target());
            return issued;
        } catch (RuntimeException problem) {
            Target target = rules.targets().known(wanted);
            Refused refused = refusals.refuse(attempt, problem, decision, target);
            // Where no target could be told there is none to look for grants of.
            if (target != null && refused.reason() == RefusalReason.GRANT_MISSING) {
                recordShadows(
                        attempt,
                        rules.policy().shadows(asker.identity(), wanted, attempt.time()),
                        null,
                        target);
            }
            return refused;
        }
    }

    /// One use of the subject token is one credential for a target, however often and by whatever
    /// names a request asks for it. The same answer as for a target that is not there, because who
    /// has no grant must not learn that a name and a URI are one target (DESIGN 14, rule 6).
    private static Set<TargetRequest> namedBefore(Rules rules, List<TargetRequest> targets) {
        if (targets.size() <= 1) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        Set<TargetRequest> again = Collections.newSetFromMap(new IdentityHashMap<>());
        for (TargetRequest wanted : targets) {
            Target target = rules.targets().known(wanted);
            if (target != null && !named.add(target.name())) {
                again.add(wanted);
            }
        }
        return again;
    }

    private void recordShadows(
            Attempt attempt,
            List<String> grants,
            @Nullable Decision decision,
            @Nullable Target target) {
        for (String grant : grants) {
            CompletableFuture<Void> _ =
                    steps.trail()
                            .append(attempt.shadow(steps.ids().receipt(), grant, decision, target));
        }
    }
}
