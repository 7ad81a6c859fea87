package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.token.IssuerKeys;
import dev.tollbridge.bridge.token.VerificationKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of all trusted issuers: fetched before they are needed, kept over restarts, believed
/// for a bounded time when an issuer is away (DESIGN 10).
///
/// An issuer that is not configured has no state here, hence nothing that could be fetched.
public final class JwksIssuerKeys implements IssuerKeys, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JwksIssuerKeys.class);

    private final KeySetSources sources;
    private final InstantSource clock;
    private final KeyTimings timings;
    private final @Nullable KeptKeySets kept;
    private final Executor fetching;
    private volatile Configured configured = new Configured(Map.of(), new IdentityHashMap<>());
    private volatile @Nullable ScheduledFuture<?> schedule;

    /// @param byDocument the same states; by reference, so that a token's issuer is found without
    ///   comparing records. Never changed once it is here
    private record Configured(
            Map<String, IssuerKeyState> byName,
            IdentityHashMap<TrustedIssuer, IssuerKeyState> byDocument) {}

    /// @param folder where last good sets are kept (`DATA/jwks`); null: nowhere
    public JwksIssuerKeys(
            Fetcher fetcher, InstantSource clock, KeyTimings timings, @Nullable Path folder) {
        this(fetcher, clock, timings, folder, task -> Thread.ofVirtual().start(task));
    }

    /// @param fetching runs fetches; each may block for some seconds
    JwksIssuerKeys(
            Fetcher fetcher,
            InstantSource clock,
            KeyTimings timings,
            @Nullable Path folder,
            Executor fetching) {
        this.sources = new KeySetSources(fetcher, clock, timings);
        this.clock = clock;
        this.timings = timings;
        this.kept = folder == null ? null : new KeptKeySets(folder);
        this.fetching = fetching;
    }

    /// Takes over a configuration. Issuers whose keys still mean the same keep them; changed ones
    /// start anew, removed ones are forgotten. Fetches nothing by itself: the schedule does.
    public synchronized void configure(Collection<TrustedIssuer> issuers) {
        Map<String, IssuerKeyState> before = configured.byName();
        Map<String, IssuerKeyState> byName = new LinkedHashMap<>();
        IdentityHashMap<TrustedIssuer, IssuerKeyState> byDocument = new IdentityHashMap<>();
        for (TrustedIssuer issuer : issuers) {
            IssuerKeyState old = before.get(issuer.name());
            IssuerKeyState state =
                    old != null && old.means(issuer)
                            ? old
                            : new IssuerKeyState(
                                    issuer, sources.of(issuer), kept, clock, timings, fetching);
            byName.put(issuer.name(), state);
            byDocument.put(issuer, state);
        }
        configured = new Configured(byName, byDocument);
        before.forEach((name, state) -> {
            if (byName.get(name) != state) {
                state.close();
            }
            if (!byName.containsKey(name) && kept != null) {
                kept.forget(name);
            }
        });
    }

    /// Looks every second whether something is due, until closed.
    public void start(ScheduledExecutorService scheduler) {
        schedule = scheduler.scheduleWithFixedDelay(this::refreshDue, 1, 1, TimeUnit.SECONDS);
    }

    /// Asks for every issuer's keys that are due and waits until all answered or the time is over.
    /// What is missing then is fetched on.
    public void warm(Duration atMost) {
        List<CompletableFuture<Boolean>> flights = new ArrayList<>();
        for (IssuerKeyState state : configured.byName().values()) {
            state.refreshIfDue();
            flights.add(state.inFlight());
        }
        try {
            CompletableFuture.allOf(flights.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            LOG.info("not all issuers have answered yet; their keys are fetched on");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One round of the schedule. Never blocks, never throws.
    public void refreshDue() {
        try {
            configured.byName().values().forEach(IssuerKeyState::refreshIfDue);
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error("refreshing issuers' keys failed", e);
        }
    }

    /// Asks an issuer now, whatever the schedule says, and waits for the answer.
    ///
    /// @return whether there is such an issuer and it answered
    public boolean refresh(String name) {
        IssuerKeyState state = configured.byName().get(name);
        if (state == null) {
            return false;
        }
        try {
            return state.refresh().get(timings.patience().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// In the order of the configuration.
    public List<IssuerKeyStatus> status() {
        return configured.byName().values().stream().map(IssuerKeyState::status).toList();
    }

    /// The key if it is at hand, or null if {@link #key} would have to look further. Never blocks.
    public @Nullable VerificationKey keyAtHand(
            TrustedIssuer issuer, String algorithm, @Nullable String keyId) {
        IssuerKeyState state = configured.byDocument().get(issuer);
        return state == null ? null : state.atHand(algorithm, keyId);
    }

    @Override
    public VerificationKey key(TrustedIssuer issuer, String algorithm, @Nullable String keyId) {
        Configured now = configured;
        IssuerKeyState state = now.byDocument().get(issuer);
        if (state == null) {
            state = now.byName().get(issuer.name());
            if (state == null || !state.means(issuer)) {
                throw new Refusal(
                        RefusalReason.ISSUER_UNKNOWN,
                        "issuer " + issuer.name() + " is not configured any more");
            }
        }
        return state.key(algorithm, keyId);
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = schedule;
        if (running != null) {
            running.cancel(false);
        }
        configured.byName().values().forEach(IssuerKeyState::close);
    }
}
