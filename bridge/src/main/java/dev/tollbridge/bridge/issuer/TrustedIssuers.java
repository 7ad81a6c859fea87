package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what users wrote into the issuers that are believed.
public final class TrustedIssuers {

    private TrustedIssuers() {}

    /// What came of it: the issuers without errors, and every problem.
    public record Compiled(IssuerRegistry registry, List<Problem> problems) {}

    /// @param externalUrl the bridge's own issuer name; null: not known, as in an offline check
    public static Compiled compile(
            Documents documents, PresetCatalogue presets, @Nullable String externalUrl) {
        return new Compiled(IssuerRegistry.empty(), List.of());
    }
}
