package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.MatchForm;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When each trusted issuer's `denied` last grew, as far as this process knows.
///
/// What was issued later has been compared with every entry; of what was issued earlier only the
/// recorded claims are left to compare.
final class DeniedSince {

    /// An exchange that was under way when the rules changed is recorded a little later.
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<String, Instant> grown = new ConcurrentHashMap<>();

    DeniedSince(InstantSource clock) {
        this.clock = clock;
    }

    void changed(Documents before, Documents after) {
        after.issuers()
                .forEach((name, issuer) -> {
                    if (!denied(before.issuers().get(name)).containsAll(issuer.spec().denied())) {
                        grown.put(name, clock.instant());
                    }
                });
    }

    private static List<Map<String, MatchForm>> denied(
            @Nullable Document<TrustedIssuerSpec> issuer) {
        return issuer == null ? List.of() : issuer.spec().denied();
    }

    /// Whether something that was recorded then may have been issued without being compared with
    /// all of today's entries.
    boolean mayHaveMissed(String issuer, Instant recorded) {
        Instant since = grown.get(issuer);
        return since != null && recorded.isBefore(since.plus(UNDER_WAY));
    }
}
