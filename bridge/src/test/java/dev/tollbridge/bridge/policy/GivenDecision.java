package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// For tests of what comes after policy: a decision that no grant made.
public final class GivenDecision {

    private GivenDecision() {}

    public static Decision of(
            WorkloadIdentity identity,
            Target target,
            Set<String> scope,
            Duration ttl,
            Instant decidedAt,
            SenderProof boundTo) {
        return new Decision(
                identity,
                target,
                "payments-deploy",
                "team-payments@acme.example",
                new TreeSet<>(scope),
                ttl,
                decidedAt,
                boundTo,
                List.of(),
                null);
    }
}
