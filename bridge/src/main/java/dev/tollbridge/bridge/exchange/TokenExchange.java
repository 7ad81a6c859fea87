package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.exchange.Granting.Asker;
import dev.tollbridge.bridge.exchange.Identification.Identified;
import dev.tollbridge.bridge.policy.Explainer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.token.VerifiedToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The exchange: the one way from a subject token to a credential.
///
/// Reads as DESIGN section 3. A token is parsed, its issuer resolved, its signature and times
/// verified; then a workload is known. For each target policy decides, the ledger reserves, the
/// minter mints, the ledger records; only then does anything leave. Steps refuse by throwing; this
/// package has the only catches.
public final class TokenExchange implements Exchange {

    private final ExchangeSteps steps;
    private final Identification identification;
    private final Granting granting;
    private final Refusals refusals;

    public TokenExchange(ExchangeSteps steps) {
        this.steps = steps;
        this.identification = new Identification(steps);
        this.refusals = new Refusals(steps);
        this.granting = new Granting(steps, refusals);
    }

    @Override
    public List<ExchangeOutcome> exchange(ExchangeRequest request) {
        Attempt attempt = begin(request.caller());
        try {
            Rules rules = steps.rules().current();
            Identified caller = identification.identify(request, rules, attempt);
            Asker asker =
                    new Asker(
                            rules,
                            caller.identity(),
                            caller.proof(),
                            request.proof().possible(),
                            null,
                            UnaryOperator.identity());
            return granting.each(attempt, asker, request.targets());
        } catch (RuntimeException problem) {
            ExchangeOutcome refused = refusals.refuse(attempt, problem, null, null);
            return request.targets().stream().map(target -> refused).toList();
        }
    }

    private Attempt begin(Caller caller) {
        return Attempt.begin(steps, caller);
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
