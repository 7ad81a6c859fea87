package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.exchange.Identification.Identified;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.Explainer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.VerifiedToken;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The exchange: the one way from a subject token to a credential.
///
/// Reads as DESIGN section 3. A token is parsed, its issuer resolved, its signature and times
/// verified; then a workload is known. For each target policy decides, the ledger reserves, the
/// minter mints, the ledger records; only then does anything leave. Steps refuse by throwing; this
/// class has the only catch.
public final class TokenExchange implements Exchange {

    private final ExchangeSteps steps;
    private final Identification identification;
    private final Issuing issuing;
    private final Refusals refusals;
    private final EachTarget eachTarget;

    public TokenExchange(ExchangeSteps steps) {
        this.steps = steps;
        this.identification = new Identification(steps);
        this.issuing = new Issuing(steps);
        this.refusals = new Refusals(steps);
        this.eachTarget = new EachTarget(steps.threads());
    }

    @Override
    public List<ExchangeOutcome> exchange(ExchangeRequest request) {
        Attempt attempt = begin(request.caller());
        try {
            Rules rules = steps.rules().current();
            Identified caller = identification.identify(request, rules, attempt);
            Set<TargetRequest> again = namedBefore(rules, request.targets());
            return eachTarget.of(
                    request.targets(),
                    wanted -> issue(attempt, rules, caller, request, wanted, again));
        } catch (RuntimeException problem) {
            ExchangeOutcome refused = refusals.refuse(attempt, problem, null, null);
            return request.targets().stream().map(target -> refused).toList();
        }
    }

    private ExchangeOutcome issue(
            Attempt attempt,
            Rules rules,
            Identified caller,
            ExchangeRequest request,
            TargetRequest wanted,
            Set<TargetRequest> again) {
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
                                    caller.identity(),
                                    wanted,
                                    caller.proof(),
                                    request.proof().possible(),
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
                        rules.policy().shadows(caller.identity(), wanted, attempt.time()),
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
        if (targets.size() == 1) {
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

    private Attempt begin(Caller caller) {
        return new Attempt(
                caller, steps.clock().instant(), steps.ticker(), steps.ids().presentation());
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

    /// Records a request that a door turned away before there was anything to exchange. Returns at
    /// once.
    ///
    /// @param detail for the operator; never a value from the request
    /// @return the receipt
    public String turnedAway(RefusalReason reason, String detail, Caller caller) {
        return refusals.turnedAway(begin(caller), new Refusal(reason, detail));
    }

    @Override
    public Map<String, @Nullable Object> explain(ExchangeRequest request) {
        Attempt attempt = begin(request.caller());
        try {
            Rules rules = steps.rules().current();
            Identified caller = identification.identify(request, rules, attempt);
            VerifiedToken token = caller.identity().token();
            return new Explainer(rules.policy())
                    .explain(
                            token.issuer(),
                            token.claims(),
                            request.targets().getFirst(),
                            caller.proof(),
                            request.proof().possible(),
                            attempt.time())
                    .tree();
        } catch (Refusal refusal) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("decision", "refused");
            tree.put("reason", refusal.reason().code());
            tree.put("detail", refusal.detail());
            return tree;
        }
    }
}
