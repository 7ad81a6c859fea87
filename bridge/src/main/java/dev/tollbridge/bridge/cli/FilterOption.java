package dev.tollbridge.bridge.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which of the things that were recorded are asked for; all that is given has to hold.
final class FilterOption {

    @Option(
            names = "--subject",
            paramLabel = "TEXT",
            description = "Only this subject, as the record names it.")
    private @Nullable String subject;

    @Option(names = "--target", paramLabel = "NAME", description = "Only this target.")
    private @Nullable String target;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Not before: a span such as 24h, a day, or an RFC 3339 time.")
    private @Nullable String since;

    @Nullable String subject() {
        return subject;
    }

    @Nullable String target() {
        return target;
    }

    /// Null: from the beginning.
    @Nullable Instant since() {
        return PastTime.parse("--since", since, Instant.now());
    }
}
