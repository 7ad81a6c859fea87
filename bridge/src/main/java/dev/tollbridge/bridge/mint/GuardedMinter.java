package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.KindFacts;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps the provider of one target from costing the others: so many at once, a deadline, retries
/// only where they are safe, and a provider that keeps failing is not asked for a while.
///
/// Also the last look at what came: a credential that has ended, or that outlives the decision, is
/// dropped here and ended at its provider where that can be.
public final class GuardedMinter implements RevocableMinter {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /// How far a provider's clock may be ahead of ours before its credential counts as outliving.
    static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final CredentialMinter minter;
    private final MintLimits limits;
    private final GuardParts parts;
    private final Semaphore ofKind;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    /// What guarding needs from outside.
    ///
    /// @param clock judges the life of what came
    /// @param ticker nanoseconds that never go back
    /// @param threads a virtual thread per task
    public record GuardParts(
            InstantSource clock,
            LongSupplier ticker,
            RandomGenerator random,
            Pause pause,
            ExecutorService threads,
            MintObserver observer) {}

    private record Lane(Semaphore permits, Circuit circuit) {}

    public GuardedMinter(CredentialMinter minter, MintLimits limits, GuardParts parts) {
        this.minter = minter;
        this.limits = limits;
        this.parts = parts;
        this.ofKind = new Semaphore(limits.perKind());
    }

    @Override
    public String kind() {
        return minter.kind();
    }

    @Override
    public boolean inProcess() {
        return minter.inProcess();
    }

    @Override
    public void prepare(Target target) {
        minter.prepare(target);
    }

    @Override
    public boolean revocable(Target target) {
        return minter.revocable(target);
    }

    @Override
    public @Nullable Secret endedBy(String knownAs) {
        return minter instanceof RevocableMinter revocable ? revocable.endedBy(knownAs) : null;
    }

    @Override
    public boolean revoke(Target target, String issuance, @Nullable Secret endedBy)
            throws MintFailure {
        return minter instanceof RevocableMinter revocable
                && revocable.revoke(target, issuance, endedBy);
    }

    /// Whether the target's provider keeps failing and is not asked.
    public boolean shortCircuited(String target) {
        Lane lane = lanes.get(target);
        return lane != null && lane.circuit.isOpen();
    }

    /// How many targets' providers keep failing and are not asked.
    public long shortCircuited() {
        return lanes.values().stream().filter(lane -> lane.circuit.isOpen()).count();
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        long started = parts.ticker().getAsLong();
        try {
            MintedCredential credential = guarded(decision, issuance, started);
            observe(decision, "minted", started);
            return credential;
        } catch (MintFailure failure) {
            observe(decision, outcome(failure), started);
            throw failure;
        } catch (RuntimeException | Error unexpected) {
            observe(decision, "unavailable", started);
            throw unexpected;
        }
    }

    private MintedCredential guarded(Decision decision, String issuance, long started)
            throws MintFailure {
        Lane lane = lane(decision.target());
        Duration wait = lane.circuit.refusal(started);
        if (wait != null) {
            throw MintFailure.unavailable("not asked: it keeps failing", true, wait);
        }
        if (!lane.permits.tryAcquire()) {
            lane.circuit.unknown();
            throw overloaded("too many credentials of this target are under way");
        }
        if (!ofKind.tryAcquire()) {
            lane.permits.release();
            lane.circuit.unknown();
            throw overloaded("too many credentials of kind " + kind() + " are under way");
        }
        return judged(decision, issuance, lane, inTime(decision, issuance, lane));
    }

    private MintedCredential inTime(Decision decision, String issuance, Lane lane)
            throws MintFailure {
        CompletableFuture<MintedCredential> coming = new CompletableFuture<>();
        Future<?> running;
        try {
            running = parts.threads().submit(() -> deliver(decision, issuance, lane, coming));
        } catch (RejectedExecutionException _) {
            release(lane);
            lane.circuit.unknown();
            throw overloaded("the bridge is shutting down");
        }
        try {
            return coming.get(limits.deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failed(e, lane);
        } catch (TimeoutException _) {
            return tooLate(running, coming, lane);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return tooLate(running, coming, lane);
        }
    }

    private void deliver(
            Decision decision,
            String issuance,
            Lane lane,
            CompletableFuture<MintedCredential> coming) {
        try {
            MintedCredential minted = attempts(decision, issuance);
            if (!coming.complete(minted)) {
                end(decision.target(), issuance, minted);
            }
        } catch (Exception | Error failure) {
            coming.completeExceptionally(failure);
        } finally {
            release(lane);
        }
    }

    private void release(Lane lane) {
        ofKind.release();
        lane.permits.release();
    }

    /// A credential may come in the very moment of giving up; then it is given after all.
    private MintedCredential tooLate(
            Future<?> running, CompletableFuture<MintedCredential> coming, Lane lane)
            throws MintFailure {
        MintFailure late =
                MintFailure.unavailable(
                        "no credential within " + limits.deadline().toMillis() + " ms",
                        false,
                        SECOND);
        if (coming.completeExceptionally(late)) {
            running.cancel(true);
            lane.circuit.failed(parts.ticker().getAsLong());
            throw late;
        }
        try {
            return coming.join();
        } catch (CompletionException e) {
            throw failed(e, lane);
        }
    }

    private MintFailure failed(Exception e, Lane lane) {
        if (e.getCause() instanceof MintFailure failure) {
            switch (failure.reason()) {
                case TARGET_UNAVAILABLE -> lane.circuit.failed(parts.ticker().getAsLong());
                case TARGET_REFUSED -> lane.circuit.worked();
                default -> lane.circuit.unknown();
            }
            return failure;
        }
        lane.circuit.unknown();
        if (e.getCause() instanceof RuntimeException known) {
            throw known;
        }
        throw new IllegalStateException("the minter failed", e.getCause());
    }

    private MintedCredential attempts(Decision decision, String issuance)
            throws MintFailure, InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return minter.mint(decision, issuance);
            } catch (MintFailure failure) {
                if (!failure.retriable() || attempt == limits.attempts()) {
                    throw failure;
                }
            }
            // Half fixed, half by chance, so that replicas do not ask in step.
            parts.pause()
                    .of(pause.plusNanos((long) (pause.toNanos() * parts.random().nextDouble())));
            pause = pause.multipliedBy(2);
        }
    }

    private MintedCredential judged(
            Decision decision, String issuance, Lane lane, MintedCredential credential)
            throws MintFailure {
        lane.circuit.worked();
        Target target = decision.target();
        Instant now = parts.clock().instant();
        Instant latest =
                decision.expiresAt()
                        .plus(KindFacts.of(target.settings()).chosenByProvider())
                        .plus(CLOCK_TOLERANCE);
        String why = null;
        if (!credential.expiresAt().isAfter(now)) {
            why = "the provider's credential has ended: " + credential.expiresAt();
        } else if (credential.expiresAt().isAfter(latest)) {
            why =
                    "the provider's credential would live until "
                            + credential.expiresAt()
                            + ", the decision ends at "
                            + decision.expiresAt();
        }
        if (why == null) {
            return credential;
        }
        end(target, issuance, credential);
        throw MintFailure.refused(why);
    }

    private void end(Target target, String issuance, MintedCredential credential) {
        GivenToNobody.end(issuance, () -> revoke(target, issuance, credential.endedBy()));
    }

    private Lane lane(Target target) {
        // One per configured target: what a caller names has been found there before.
        return lanes.computeIfAbsent(
                target.name(),
                _ ->
                        new Lane(
                                new Semaphore(limits.perTarget()),
                                new Circuit(limits.failuresToOpen(), limits.openFor())));
    }

    private static MintFailure overloaded(String detail) {
        return new MintFailure(RefusalReason.OVERLOADED, detail, true, SECOND);
    }

    private void observe(Decision decision, String outcome, long started) {
        parts.observer()
                .minted(
                        kind(),
                        decision.target().name(),
                        outcome,
                        Duration.ofNanos(parts.ticker().getAsLong() - started));
    }

    private static String outcome(MintFailure failure) {
        return switch (failure.reason()) {
            case OVERLOADED -> "overloaded";
            case TARGET_UNAVAILABLE, INTERNAL -> "unavailable";
            default -> "refused";
        };
    }
}
