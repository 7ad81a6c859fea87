package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what would be decided and why, condition by condition. Mints nothing, asks nobody.
public final class Explainer {

    /// @param tree JSON values: maps, lists, strings, numbers, booleans
    /// @param text the same for people
    /// @param granted whether a credential would be given
    public record Explanation(Map<String, @Nullable Object> tree, String text, boolean granted) {}

    private final PolicySet policies;

    public Explainer(PolicySet policies) {
        this.policies = policies;
    }

    /// @param request which target, scope and lifetime; a request without audiences and resources
    ///   asks about every target
    /// @param claims as the token has them; nothing about the token's signature is looked at
    public Explanation explain(
            TrustedIssuer issuer,
            Claims claims,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        throw new UnsupportedOperationException("not there yet " + policies);
    }
}
