package dev.tollbridge.bridge.serve;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the record goes besides its files, and how long they are kept.
///
/// @param stdout whether each line is printed on standard output
/// @param webhook where lines are posted, one JSON object a line; null: nowhere
/// @param otlp where lines are posted as OpenTelemetry logs; null: nowhere
/// @param retention how long files of the record are kept; null: until somebody removes them
public record AuditSettings(
        boolean stdout,
        @Nullable Endpoint webhook,
        @Nullable Endpoint otlp,
        @Nullable Duration retention) {

    /// @param tokenFile of a bearer token, read for each request; null: none is sent
    public record Endpoint(String url, @Nullable Path tokenFile) {}

    /// In its files, for ever.
    public static final AuditSettings FILES = new AuditSettings(false, null, null, null);
}
