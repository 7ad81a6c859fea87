package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A grant as written: which subjects of which issuer may have which targets, how scoped, for how
/// long.
///
/// @param match claim reference to the form it must have; a reference that starts with `/` is a
///   JSON Pointer
/// @param condition CEL over `claims`; null: none
/// @param expires the last UTC day on which it holds
/// @param mayOutliveSubject null: the preset decides
/// @param session null: no job sessions
/// @param acknowledge lint rules whose danger is accepted, by exact id
public record GrantSpec(
        String owner,
        String issuer,
        Map<String, MatchForm> match,
        @Nullable String condition,
        List<Allow> allow,
        @Nullable LocalDate expires,
        Mode mode,
        @Nullable Boolean mayOutliveSubject,
        @Nullable SenderConstraint senderConstraint,
        @Nullable Session session,
        List<String> acknowledge,
        boolean enabled)
        implements Spec {

    public enum Mode {
        ENFORCE,
        /// Evaluated and recorded, never grants.
        SHADOW
    }

    /// @param ttl null: the target's maximum
    public record Allow(String target, @Nullable Duration ttl, List<String> scopes) {}

    public record Session(Duration max) {}
}
