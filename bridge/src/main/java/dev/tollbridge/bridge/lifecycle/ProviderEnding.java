package dev.tollbridge.bridge.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.Pause;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ends revoked credentials at their providers: one question per issuance at a time, bounded per
/// target, each with a deadline, and asked a few more times in the background when there is no good
/// answer. What came of it goes into the record, in a second line of kind `revoked`.
///
/// What is still being asked about when the process ends is not asked again: the record says until
/// when the credential lives, and its handle works with the next process.
public final class ProviderEnding implements ProviderSide, AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /// How long an answer that settled the matter is remembered, so that asking the bridge again
    /// does not mean asking the provider again.
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int MOST_REMEMBERED = 100_000;

    /// @param deadline of one question
    /// @param perTarget questions of one target under way at once
    /// @param unsettled issuances that are asked about in the background at once
    /// @param pauses before each further question
    public record Limits(Duration deadline, int perTarget, int unsettled, List<Duration> pauses) {

        public static final Limits DEFAULT =
                new Limits(
                        Duration.ofSeconds(5),
                        32,
                        4_096,
                        List.of(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5)));
    }

    private final Minters minters;
    private final Function<String, @Nullable Target> targets;
    private final AuditTrail trail;
    private final Limits limits;
    private final Pause pause;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Semaphore> lanes = new ConcurrentHashMap<>();
    private final Map<String, Asking> asking = new ConcurrentHashMap<>();
    private final Cache<String, AtProvider> settled =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(REMEMBERED).build();

    /// @param targets those in force, by name
    public ProviderEnding(
            Minters minters,
            Function<String, @Nullable Target> targets,
            AuditTrail trail,
            Limits limits,
            Pause pause,
            InstantSource clock) {
        this.minters = minters;
        this.targets = targets;
        this.trail = trail;
        this.limits = limits;
        this.pause = pause;
        this.clock = clock;
    }

    @Override
    public boolean revocable(AuditRecord issuance) {
        Target target = target(issuance);
        CredentialMinter minter = minter(issuance);
        return target != null && minter != null && minter.revocable(target);
    }

    private @Nullable CredentialMinter minter(AuditRecord issuance) {
        String kind = issuance.targetKind();
        return kind == null ? null : minters.ofKind(kind);
    }

    /// The configured target of the name and kind that the record has.
    private @Nullable Target target(AuditRecord issuance) {
        String name = issuance.target();
        Target target = name == null ? null : targets.apply(name);
        return target != null && target.kind().equals(issuance.targetKind()) ? target : null;
    }

    @Override
    public Told end(AuditRecord issuance, @Nullable Target minted, @Nullable Secret endedBy) {
        String id = issuance.id();
        CredentialMinter minter = minter(issuance);
        if (id == null || over(issuance) || (minter != null && minter.inProcess())) {
            return new Told(AtProvider.NOT_NEEDED, null);
        }
        AtProvider known = settled.getIfPresent(id);
        if (known == AtProvider.ENDED || (known != null && endedBy == null)) {
            return new Told(known, null);
        }
        Target target = minted == null ? target(issuance) : minted;
        if (target == null) {
            return settle(issuance, "its target is configured no more");
        }
        if (!(minter instanceof RevocableMinter revocable)) {
            return settle(issuance, null);
        }
        String knownAs = issuance.detail();
        Secret shown = endedBy == null && knownAs != null ? revocable.endedBy(knownAs) : endedBy;
        Asking one =
                asking.computeIfAbsent(id, _ -> new Asking(issuance, target, revocable, shown));
        return one.now();
    }

    private boolean over(AuditRecord issuance) {
        Instant ends = issuance.expires();
        return ends != null && !clock.instant().isBefore(ends);
    }

    private Told settle(AuditRecord issuance, @Nullable String why) {
        settled(issuance, AtProvider.CANNOT_END, why);
        return new Told(AtProvider.CANNOT_END, null);
    }

    private void settled(AuditRecord issuance, AtProvider outcome, @Nullable String why) {
        String id = String.valueOf(issuance.id());
        if (settled.asMap().put(id, outcome) != outcome) {
            note(
                    issuance,
                    outcome == AtProvider.ENDED
                            ? "ended at the provider"
                            : "the provider cannot end it"
                                    + (why == null ? "" : " (" + why + ")")
                                    + bySelf(issuance));
        }
    }

    private static String bySelf(AuditRecord issuance) {
        Instant ends = issuance.expires();
        return ends == null ? "" : ": it ends by itself at " + ends;
    }

    /// Does not wait: that it is revoked is durable already.
    private void note(AuditRecord issuance, String what) {
        CompletableFuture<Void> _ =
                trail.append(issuance.after(AuditRecord.Kind.REVOKED, clock.instant(), what));
    }

    /// One issuance whose provider is being told.
    private final class Asking {
        private final AuditRecord issuance;
        private final Target target;
        private final RevocableMinter minter;
        private final @Nullable Secret endedBy;
        private @Nullable AtProvider outcome;
        private @Nullable CompletableFuture<Told> underWay;
        private boolean goesOn;

        Asking(
                AuditRecord issuance,
                Target target,
                RevocableMinter minter,
                @Nullable Secret endedBy) {
            this.issuance = issuance;
            this.target = target;
            this.minter = minter;
            this.endedBy = endedBy;
        }

        /// Asks, or waits for what whoever is asking already hears.
        Told now() {
            CompletableFuture<Told> mine = new CompletableFuture<>();
            CompletableFuture<Told> others;
            synchronized (this) {
                if (outcome != null) {
                    return new Told(outcome, null);
                }
                others = underWay;
                if (others == null) {
                    underWay = mine;
                }
            }
            if (others != null) {
                return others.join();
            }
            Told told = new Told(AtProvider.NOT_REACHED, RETRY_AFTER);
            try {
                told = judged(attempt());
                return told;
            } finally {
                synchronized (this) {
                    underWay = null;
                }
                mine.complete(told);
            }
        }

        private Told judged(Attempt attempt) {
            if (attempt.outcome != AtProvider.NOT_REACHED) {
                synchronized (this) {
                    outcome = attempt.outcome;
                }
                settled(issuance, attempt.outcome, null);
                asking.remove(String.valueOf(issuance.id()), this);
            } else if (!goesOn) {
                // Only whoever asks touches it, one at a time.
                goesOn = true;
                goOn(attempt.why);
            }
            return new Told(attempt.outcome, attempt.retryAfter);
        }

        private void goOn(String why) {
            boolean room = asking.size() <= limits.unsettled();
            note(
                    issuance,
                    "the provider could not be told ("
                            + why
                            + ")"
                            + (room ? "; the bridge goes on asking" : "")
                            + bySelf(issuance));
            try {
                if (room) {
                    threads.execute(this::later);
                    return;
                }
            } catch (RejectedExecutionException _) {
                // The bridge is stopping. The record says until when the credential lives.
            }
            asking.remove(String.valueOf(issuance.id()), this);
        }

        private void later() {
            try {
                for (Duration wait : limits.pauses()) {
                    pause.of(wait);
                    if (over(issuance) || now().outcome() != AtProvider.NOT_REACHED) {
                        return;
                    }
                }
                note(issuance, "the provider could not be reached" + bySelf(issuance));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                asking.remove(String.valueOf(issuance.id()), this);
            }
        }

        private Attempt attempt() {
            Semaphore lane =
                    lanes.computeIfAbsent(target.name(), _ -> new Semaphore(limits.perTarget()));
            if (!lane.tryAcquire()) {
                return Attempt.notReached("too many of its target are under way", RETRY_AFTER);
            }
            try {
                return inTime(
                        threads.submit(() -> {
                            try {
                                return asked();
                            } finally {
                                lane.release();
                            }
                        }));
            } catch (RejectedExecutionException _) {
                lane.release();
                return Attempt.notReached("the bridge is stopping", RETRY_AFTER);
            }
        }

        private Attempt inTime(Future<Attempt> running) {
            try {
                return running.get(limits.deadline().toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                // A cause's message may quote what was shown to the provider: only its kind is
                // kept.
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return Attempt.notReached(
                        "unexpected " + cause.getClass().getSimpleName(), RETRY_AFTER);
            } catch (TimeoutException _) {
                running.cancel(true);
                return Attempt.notReached(
                        "no answer within " + limits.deadline().toSeconds() + " s", RETRY_AFTER);
            } catch (InterruptedException _) {
                running.cancel(true);
                Thread.currentThread().interrupt();
                return Attempt.notReached("the bridge is stopping", RETRY_AFTER);
            }
        }

        private Attempt asked() {
            try {
                return minter.revoke(target, String.valueOf(issuance.id()), endedBy)
                        ? Attempt.ENDED
                        : Attempt.CANNOT_END;
            } catch (MintFailure failure) {
                Duration wait = failure.retryAfter();
                return Attempt.notReached(failure.detail(), wait == null ? RETRY_AFTER : wait);
            }
        }
    }

    /// @param why for the record
    private record Attempt(AtProvider outcome, String why, @Nullable Duration retryAfter) {

        static final Attempt ENDED = new Attempt(AtProvider.ENDED, "", null);
        static final Attempt CANNOT_END = new Attempt(AtProvider.CANNOT_END, "", null);

        static Attempt notReached(String why, Duration retryAfter) {
            return new Attempt(AtProvider.NOT_REACHED, why, retryAfter);
        }
    }

    /// Asks nobody any more.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
