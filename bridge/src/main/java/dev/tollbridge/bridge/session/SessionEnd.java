package dev.tollbridge.bridge.session;

import java.util.Locale;

/// Why a session is over.
public enum SessionEnd {
    /// The longest that its grants allow is reached. What was issued runs out by itself.
    MAX(false),
    /// Whoever holds the handle said so: the job has ended.
    REVOKED(true),
    /// An operator said so.
    OPERATOR(true),
    /// Two heartbeats in a row did not come: the job is gone, and nobody said so.
    MISSED(true),
    /// A handle was used that had been used before: somebody has a copy.
    REPLAYED(true),
    /// What it rests on was taken away: issuer, subject, grants or targets.
    SWITCHED_OFF(true);

    private final boolean revokes;
    private final String code = name().toLowerCase(Locale.ROOT);

    SessionEnd(boolean revokes) {
        this.revokes = revokes;
    }

    /// Whether what the session was issued is revoked, too.
    boolean revokes() {
        return revokes;
    }

    /// As in metrics and records, such as `switched_off`.
    public String code() {
        return code;
    }

    /// @return null for a word that is none
    public static @org.jspecify.annotations.Nullable SessionEnd of(String code) {
        for (SessionEnd end : values()) {
            if (end.code.equals(code)) {
                return end;
            }
        }
        return null;
    }
}
