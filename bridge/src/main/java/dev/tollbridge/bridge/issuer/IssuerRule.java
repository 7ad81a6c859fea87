package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is refused, or warned of, in a TrustedIssuer document that has the right form. Each has a
/// page `docs/lint/<id>.md`; none can be acknowledged.
public enum IssuerRule {
    PRESET_UNKNOWN(Severity.ERROR),
    PRESET_REFUSED(Severity.ERROR),
    ISSUER_MISSING(Severity.ERROR),
    ISSUER_MISMATCH(Severity.ERROR),
    ISSUER_UNUSUAL(Severity.WARNING),
    ISSUER_SELF(Severity.ERROR),
    ISSUER_DUPLICATE(Severity.ERROR),
    AUDIENCE_OPERATORS(Severity.ERROR),
    AUDIENCE_API_SERVER(Severity.WARNING),
    DISCOVERY_CLUSTER_LOCAL(Severity.ERROR),
    FILE_PATH(Severity.ERROR),
    KUBERNETES_ONLY(Severity.WARNING),
    NO_USABLE_KEY(Severity.ERROR),
    SKIPPED_KEY(Severity.WARNING);

    private final Severity severity;

    IssuerRule(Severity severity) {
        this.severity = severity;
    }

    /// As problems carry it, such as `preset-unknown`.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /// The rule broken.
    ///
    /// @param path inside the document, such as `spec.preset`
    public Problem brokenBy(
            Document<TrustedIssuerSpec> document,
            String path,
            String message,
            @Nullable String suggestion) {
        return new Problem(
                severity,
                id(),
                document.at(path),
                "TrustedIssuer/" + document.name() + " " + path,
                message,
                suggestion);
    }
}
