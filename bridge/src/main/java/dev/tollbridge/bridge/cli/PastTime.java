package dev.tollbridge.bridge.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// A moment as operators write it: `30d`, `12h`, `15m`, `90s` ago, a UTC day, or an RFC 3339 time.
final class PastTime {

    private PastTime() {}

    /// @param option its name, for the message
    static @Nullable Instant parse(String option, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        Duration ago = ago(text);
        if (ago != null) {
            return now.minus(ago);
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw CommandFailure.usage(
                    option
                            + " is a span such as 30d or 12h, a day or a time such as"
                            + " 2026-11-21T10:00:00Z");
        }
    }

    /// @param option its name, for the message
    static Duration span(String option, String text) {
        Duration span = ago(text);
        if (span == null) {
            throw CommandFailure.usage(option + " is a span such as 30d, 12h or 15m");
        }
        return span;
    }

    private static @Nullable Duration ago(String text) {
        int end = text.length() - 1;
        if (end < 1 || end > 6) {
            return null;
        }
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        long count = Long.parseLong(text, 0, end, 10);
        return switch (text.charAt(end)) {
            case 'd' -> Duration.ofDays(count);
            case 'h' -> Duration.ofHours(count);
            case 'm' -> Duration.ofMinutes(count);
            case 's' -> Duration.ofSeconds(count);
            default -> null;
        };
    }
}
