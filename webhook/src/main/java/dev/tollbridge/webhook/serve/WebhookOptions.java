package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What `tollbridge webhook` was asked to do.
///
/// @param tls certificate and key that somebody else renews; null: its own
/// @param clientCa authority of the certificates that callers have to show; null: none asked
/// @param data where the key for fingerprints and the operators' token are kept; null: fingerprints
///   change with each start unless the TLS key is given, and nobody may list findings
/// @param detectors made with the fingerprints' key
public record WebhookOptions(
        ListenAt listen,
        ListenAt management,
        @Nullable TlsPair tls,
        @Nullable Path clientCa,
        @Nullable Path data,
        Limits limits,
        Function<Fingerprints, Detectors> detectors) {

    /// Two files, PEM.
    public record TlsPair(Path certificate, Path key) {}
}
