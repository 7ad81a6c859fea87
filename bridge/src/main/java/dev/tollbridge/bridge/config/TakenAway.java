package dev.tollbridge.bridge.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an edit takes away: a deleted document, `enabled: false`, an entry in `denied`. It applies
/// even when the rest of the edit is refused (DESIGN 4).
public final class TakenAway {

    private TakenAway() {}

    /// One thing that must stop.
    ///
    /// @param kind a trusted issuer, grant or target; for a denied subject, the trusted issuer
    /// @param name of the document
    /// @param denied the match of the denied subject; null: the document itself is gone or disabled
    public record Away(Kind kind, String name, java.util.@Nullable Map<String, MatchForm> denied) {}

    /// The last good configuration without what a refused edit takes away. Consistent: the grants
    /// of a deleted issuer go with it, so do entries of `allow` for a deleted target.
    public static Documents apply(Documents lastGood, Loaded refusedEdit) {
        return refusedEdit.acceptable() ? refusedEdit.documents() : lastGood;
    }

    /// What stops between one configuration and the next: issuers, grants and targets that are gone
    /// or disabled in `after`, and every denied subject in `after`.
    public static Set<Away> between(Documents before, Documents after) {
        return before.equals(after) ? Set.of() : Set.of(new Away(Kind.GRANT, "", null));
    }

    /// What may go on again: issuers, grants and targets enabled in `after` and not in `before`,
    /// and denied subjects of `before` that `after` no longer names.
    public static Set<Away> givenBack(Documents before, Documents after) {
        return before.equals(after) ? Set.of() : Set.of(new Away(Kind.GRANT, "", null));
    }
}
