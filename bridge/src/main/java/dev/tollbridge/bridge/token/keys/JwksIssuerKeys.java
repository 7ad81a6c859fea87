package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.token.IssuerKeys;
import dev.tollbridge.bridge.token.VerificationKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// The keys of all trusted issuers.
public final class JwksIssuerKeys implements IssuerKeys, AutoCloseable {

    /// @param folder where last good sets are kept (`DATA/jwks`); null: nowhere
    public JwksIssuerKeys(
            Fetcher fetcher, InstantSource clock, KeyTimings timings, @Nullable Path folder) {}

    /// Takes over a configuration: issuers may come, change and go.
    public void configure(Collection<TrustedIssuer> issuers) {}

    /// Refreshes ahead, every second, until closed.
    public void start(ScheduledExecutorService scheduler) {}

    /// Waits until every issuer's keys were asked for once, or the time is over.
    public void warm(Duration atMost) {}

    /// One round of the schedule.
    public void refreshDue() {}

    /// Asks an issuer now, whatever the schedule says.
    public void refresh(String name) {}

    public List<IssuerKeyStatus> status() {
        return List.of();
    }

    /// The key if it is at hand, or null if {@link #key} would have to look further. Never blocks.
    public @Nullable VerificationKey keyAtHand(
            TrustedIssuer issuer, String algorithm, @Nullable String keyId) {
        return null;
    }

    @Override
    public VerificationKey key(TrustedIssuer issuer, String algorithm, @Nullable String keyId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
