package dev.tollbridge.bridge.token.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.token.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is known of one issuer's keys, and when it is looked at again.
///
/// A known key of a fresh set is one look-up without a lock. Everything else goes through one lock,
/// held only to decide: fetching happens outside, one at a time.
final class IssuerKeyState {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeyState.class);
    private static final int UNKNOWN_IDS = 1024;
    private static final Duration FILE_CHECK = Duration.ofSeconds(2);
    private static final Duration FILE_DEMAND_INTERVAL = Duration.ofSeconds(1);

    private final TrustedIssuer issuer;
    private final String identity;
    private final KeySetSource source;
    private final @Nullable KeptKeySets kept;
    private final InstantSource clock;
    private final KeyTimings timings;
    private final Executor fetching;
    private final boolean fixed;
    private final boolean remote;
    private final long refreshEveryMillis;

    /// Key ids that a fetch has shown to be unknown. Asked only after the set itself, so a key that
    /// appears meanwhile is found.
    private final Cache<String, Boolean> unknown;

    private volatile KeySnapshot current = KeySnapshot.NONE;

    private final Object lock = new Object();
    // All below: guarded by the lock.
    private final FetchBudget budget;
    private @Nullable CompletableFuture<Boolean> flight;
    private long nextScheduled;
    private long lastAttempt = -1;
    private long retryMillis;
    private long fetches;
    private long failures;
    private @Nullable String lastError;
    private byte @Nullable [] lastSet;
    private boolean closed;

    IssuerKeyState(
            TrustedIssuer issuer,
            KeySetSource source,
            @Nullable KeptKeySets kept,
            InstantSource clock,
            KeyTimings timings,
            Executor fetching) {
        this.issuer = issuer;
        this.identity = identity(issuer);
        this.source = source;
        this.clock = clock;
        this.timings = timings;
        this.fetching = fetching;
        this.fixed = issuer.keys() instanceof KeySource.Inline;
        this.remote = !fixed && !(issuer.keys() instanceof KeySource.File);
        this.kept = remote ? kept : null;
        this.refreshEveryMillis =
                remote
                        ? timings.fresh().minus(timings.refreshAhead()).toMillis()
                        : FILE_CHECK.toMillis();
        this.budget =
                new FetchBudget(
                        timings.demandBurst(),
                        remote ? timings.demandInterval() : FILE_DEMAND_INTERVAL,
                        clock.millis());
        this.unknown =
                Caffeine.newBuilder()
                        .maximumSize(UNKNOWN_IDS)
                        .expireAfterWrite(timings.unknownCoolDown())
                        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                        .executor(Runnable::run)
                        .build();
        begin();
    }

    /// What makes two configurations of an issuer mean the same keys. Keys fetched under one are
    /// never used under another.
    static String identity(TrustedIssuer issuer) {
        return issuer.issuer()
                + "\n"
                + issuer.keys()
                + "\n"
                + issuer.network()
                + "\n"
                + issuer.directory();
    }

    boolean means(TrustedIssuer other) {
        return issuer.algorithms().equals(other.algorithms()) && identity.equals(identity(other));
    }

    /// What is at hand without the network: the document's own keys, or the last good set.
    private void begin() {
        if (!remote) {
            run(new CompletableFuture<>(), clock.millis());
            return;
        }
        KeptKeySets.Kept last =
                kept == null ? null : kept.read(issuer.name(), identity, clock.instant());
        if (last == null) {
            return;
        }
        try {
            AdmittedKeys keys = KeyAdmission.admit(last.jwks(), issuer.algorithms());
            current = snapshot(keys, last.fetchedAt().toEpochMilli());
        } catch (NotKeys e) {
            LOG.warn("the kept key set of {} is not used: {}", issuer.name(), e.getMessage());
        }
    }

    private KeySnapshot snapshot(AdmittedKeys keys, long fetchedAt) {
        return fixed
                ? new KeySnapshot(keys, fetchedAt, Long.MAX_VALUE, Long.MAX_VALUE)
                : new KeySnapshot(
                        keys,
                        fetchedAt,
                        fetchedAt + timings.fresh().toMillis(),
                        fetchedAt + timings.maxStale().toMillis());
    }

    /// The hot path.
    @Nullable VerificationKey atHand(String algorithm, @Nullable String keyId) {
        KeySnapshot now = current;
        return now.fresh(clock.millis()) ? now.keys().find(algorithm, keyId) : null;
    }

    VerificationKey key(String algorithm, @Nullable String keyId) {
        VerificationKey key = atHand(algorithm, keyId);
        if (key != null) {
            return key;
        }
        KeySnapshot at = current;
        long now = clock.millis();
        if (at.fresh(now)) {
            return afterAnotherLook(algorithm, keyId, now);
        }
        return fromAgedSet(algorithm, keyId, now);
    }

    /// The set is as young as it should be and does not have the key.
    private VerificationKey afterAnotherLook(String algorithm, @Nullable String keyId, long now) {
        if (fixed || (keyId != null && keyId.length() > KeyAdmission.MAX_KEY_ID)) {
            throw unknownKey();
        }
        String asked = keyId == null ? algorithm : algorithm + " " + keyId;
        if (unknown.getIfPresent(asked) != null) {
            throw unknownKey();
        }
        CompletableFuture<Boolean> look;
        synchronized (lock) {
            look = flight;
            if (look == null) {
                KeySnapshot at = current;
                VerificationKey meanwhile = at.keys().find(algorithm, keyId);
                if (meanwhile != null && at.fresh(now)) {
                    return meanwhile;
                }
                if (remote && now - at.fetchedAt() <= timings.justFetched().toMillis()) {
                    unknown.put(asked, true);
                    throw unknownKey();
                }
                if (!budget.take(now)) {
                    throw unavailable("asked often enough for now", budget.millisToNext(now));
                }
                look = takeOff(now);
            }
        }
        if (!landed(look)) {
            throw unavailable("cannot be asked about a key it may have added", retryMillis());
        }
        VerificationKey key = current.keys().find(algorithm, keyId);
        if (key == null) {
            unknown.put(asked, true);
            throw unknownKey();
        }
        return key;
    }

    /// There is no set, or one that should have been refreshed by now. A look is due; when it
    /// fails, a set that is not too old serves on, and nobody else waits for the next attempt.
    private VerificationKey fromAgedSet(String algorithm, @Nullable String keyId, long now) {
        CompletableFuture<Boolean> look;
        synchronized (lock) {
            look = flight;
            VerificationKey believed =
                    current.believed(now) ? current.keys().find(algorithm, keyId) : null;
            boolean outage = retryMillis > 0;
            if (outage && believed != null) {
                return believed;
            }
            if (look == null) {
                // The budget is what an attacker may spend; the first look is ours.
                if (outage && !budget.take(now)) {
                    throw unavailable("cannot be reached", budget.millisToNext(now));
                }
                look = takeOff(now);
            }
        }
        boolean looked = landed(look);
        KeySnapshot after = current;
        VerificationKey key =
                after.believed(clock.millis()) ? after.keys().find(algorithm, keyId) : null;
        if (key != null) {
            return key;
        }
        throw looked ? unknownKey() : unavailable("cannot be reached", retryMillis());
    }

    private boolean landed(CompletableFuture<Boolean> look) {
        try {
            return look.get(timings.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Refusal unknownKey() {
        return new Refusal(
                RefusalReason.KEY_UNKNOWN,
                "issuer "
                        + issuer.name()
                        + " publishes no such key for this algorithm ("
                        + current.keys().count()
                        + " keys at hand)");
    }

    private Refusal unavailable(String why, long retryMillis) {
        long seconds = Math.clamp((retryMillis + 999) / 1000, 1, 60);
        return new Refusal(
                RefusalReason.ISSUER_UNAVAILABLE,
                "issuer " + issuer.name() + " " + why,
                Duration.ofSeconds(seconds));
    }

    private long retryMillis() {
        synchronized (lock) {
            return Math.max(1000, Math.min(retryMillis, timings.demandInterval().toMillis()));
        }
    }

    /// One round of the schedule: fetches when it is time. Never blocks.
    void refreshIfDue() {
        long now = clock.millis();
        synchronized (lock) {
            if (!fixed && !closed && flight == null && now >= nextScheduled) {
                CompletableFuture<Boolean> _ = takeOff(now);
            }
        }
    }

    /// Fetches now.
    ///
    /// @return completes with whether that worked
    CompletableFuture<Boolean> refresh() {
        synchronized (lock) {
            return flight != null ? flight : takeOff(clock.millis());
        }
    }

    /// The fetch under way; a completed one if there is none.
    CompletableFuture<Boolean> inFlight() {
        synchronized (lock) {
            return flight != null ? flight : CompletableFuture.completedFuture(true);
        }
    }

    private CompletableFuture<Boolean> takeOff(long now) {
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        flight = started;
        try {
            fetching.execute(() -> run(started, now));
        } catch (RuntimeException e) {
            failed(now, "fetching is not possible: " + e.getClass().getSimpleName());
            land(started, false);
        }
        return started;
    }

    private void run(CompletableFuture<Boolean> started, long startedAt) {
        try {
            byte[] jwks = source.read();
            succeeded(startedAt, jwks, admitted(jwks));
            if (kept != null) {
                kept.write(
                        issuer.name(),
                        identity,
                        jwks,
                        Instant.ofEpochMilli(startedAt),
                        this::isOpen);
            }
            land(started, true);
        } catch (KeySetUnavailable | NotKeys e) {
            failed(startedAt, String.valueOf(e.getMessage()));
            land(started, false);
        } catch (RuntimeException e) {
            LOG.error("fetching the keys of {} failed", issuer.name(), e);
            failed(startedAt, e.getClass().getSimpleName());
            land(started, false);
        }
    }

    private void land(CompletableFuture<Boolean> started, boolean successfully) {
        synchronized (lock) {
            flight = null;
        }
        started.complete(successfully);
    }

    /// The keys at hand if the set has not changed: reading keys costs more than fetching them.
    private AdmittedKeys admitted(byte[] jwks) throws NotKeys {
        synchronized (lock) {
            if (Arrays.equals(jwks, lastSet)) {
                return current.keys();
            }
        }
        return KeyAdmission.admit(jwks, issuer.algorithms());
    }

    private void succeeded(long startedAt, byte[] jwks, AdmittedKeys keys) {
        synchronized (lock) {
            lastSet = jwks;
            if (lastError != null) {
                LOG.info("the keys of {} can be fetched again", issuer.name());
            }
            if (keys.count() == 0 || keys.skipped().size() != current.keys().skipped().size()) {
                LOG.info(
                        "keys of {}: {} admitted, skipped {}",
                        issuer.name(),
                        keys.count(),
                        keys.skipped());
            }
            current = snapshot(keys, startedAt);
            fetches++;
            lastAttempt = startedAt;
            lastError = keys.count() == 0 ? "no key of the set can be admitted" : null;
            retryMillis = 0;
            nextScheduled = startedAt + refreshEveryMillis;
        }
    }

    private void failed(long startedAt, String why) {
        synchronized (lock) {
            if (lastError == null) {
                LOG.warn("the keys of {} cannot be fetched: {}", issuer.name(), why);
            }
            fetches++;
            failures++;
            lastAttempt = startedAt;
            lastError = why;
            retryMillis =
                    retryMillis == 0
                            ? timings.firstRetry().toMillis()
                            : Math.min(2 * retryMillis, timings.lastRetry().toMillis());
            nextScheduled = startedAt + retryMillis;
        }
    }

    IssuerKeyStatus status() {
        long now = clock.millis();
        KeySnapshot at = current;
        boolean any = at.believedUntil() > 0;
        synchronized (lock) {
            return new IssuerKeyStatus(
                    issuer.name(),
                    issuer.issuer(),
                    KeySetSources.describe(issuer),
                    !at.believed(now)
                            ? IssuerKeyStatus.State.UNAVAILABLE
                            : at.fresh(now)
                                    ? IssuerKeyStatus.State.FRESH
                                    : IssuerKeyStatus.State.STALE,
                    any ? Instant.ofEpochMilli(at.fetchedAt()) : null,
                    lastAttempt < 0 ? null : Instant.ofEpochMilli(lastAttempt),
                    any ? Duration.ofMillis(Math.max(0, now - at.fetchedAt())) : null,
                    at.keys().count(),
                    at.keys().skipped(),
                    lastError,
                    fetches,
                    failures);
        }
    }

    private boolean isOpen() {
        synchronized (lock) {
            return !closed;
        }
    }

    /// The issuer is gone from the configuration, or means something else now.
    void close() {
        synchronized (lock) {
            closed = true;
        }
    }
}
