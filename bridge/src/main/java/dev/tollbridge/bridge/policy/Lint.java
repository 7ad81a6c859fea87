package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Finds grants that load but are dangerous.
public final class Lint {

    private Lint() {}

    /// @param now for grants that have expired
    /// @return problems in the order of the documents; an error refuses the configuration
    public static List<Problem> lint(
            Documents documents,
            Map<String, TrustedIssuer> issuers,
            TargetRegistry targets,
            Instant now) {
        return List.of();
    }
}
