package dev.tollbridge.bridge.mint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.mint.GuardedMinter.GuardParts;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Guarding a provider")
class GuardedMinterTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String ISSUANCE = "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2C";
    private static final MintLimits LIMITS =
            new MintLimits(3, 2, Duration.ofSeconds(20), 3, 2, Duration.ofSeconds(2));

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong ticker = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface Provider {
        MintedCredential give(Decision decision) throws MintFailure, InterruptedException;
    }

    private GuardedMinter guarded(MintLimits limits, Provider provider) {
        RevocableMinter minter =
                new RevocableMinter() {
                    @Override
                    public String kind() {
                        return "aws";
                    }

                    @Override
                    public boolean inProcess() {
                        return false;
                    }

                    @Override
                    public MintedCredential mint(Decision decision, String issuance)
                            throws MintFailure {
                        asked.incrementAndGet();
                        try {
                            return provider.give(decision);
                        } catch (InterruptedException e) {
                            throw MintFailure.unavailable("interrupted", false, null);
                        }
                    }

                    @Override
                    public boolean revoke(
                            Target target, String issuance, @Nullable Secret endedBy) {
                        ended.add(issuance);
                        return true;
                    }
                };
        return new GuardedMinter(
                minter,
                limits,
                new GuardParts(
                        InstantSource.fixed(NOW),
                        ticker::get,
                        new Random(7),
                        pauses::add,
                        threads,
                        MintObserver.NONE));
    }

    private static Decision decision(String target) {
        return GivenDecision.of(
                GivenIdentity.of("github:repo:1", new Claims(Map.of()), NOW),
                new Target(
                        target,
                        "team@acme.example",
                        null,
                        Duration.ofHours(1),
                        true,
                        SenderConstraint.NONE,
                        new Aws(
                                "arn:aws:iam::111122223333:role/deploy",
                                "eu-west-1",
                                null,
                                Map.of(),
                                List.of(),
                                null,
                                null,
                                List.of()),
                        null),
                Set.of(),
                Duration.ofMinutes(15),
                NOW,
                SenderProof.NONE);
    }

    private static MintedCredential until(Instant expires) {
        return new MintedCredential(Secret.of("s"), "N_A", "x", expires, true);
    }

    private static MintFailure failure(GuardedMinter minter, String target) {
        return catchThrowableOfType(
                MintFailure.class, () -> minter.mint(decision(target), ISSUANCE));
    }

    @Test
    void asksAgainOnlyWhereThatIsSafeAndWaitsLongerEachTime() throws MintFailure {
        GuardedMinter minter =
                guarded(
                        LIMITS,
                        decision -> {
                            if (asked.get() < 3) {
                                throw MintFailure.unavailable("busy", true, null).safeToRetry();
                            }
                            return until(decision.expiresAt());
                        });
        assertThat(minter.mint(decision("a"), ISSUANCE).expiresAt())
                .isEqualTo(NOW.plusSeconds(900));
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(1)).isGreaterThan(pauses.get(0));

        asked.set(0);
        GuardedMinter unsafe =
                guarded(
                        LIMITS,
                        _ -> {
                            throw MintFailure.unavailable("lost", false, null);
                        });
        assertThat(failure(unsafe, "a").certain()).isFalse();
        assertThat(asked).hasValue(1);
    }

    @Test
    void stopsAskingAProviderThatKeepsFailingAndTriesItLater() throws MintFailure {
        boolean[] back = {false};
        GuardedMinter minter =
                guarded(
                        LIMITS,
                        decision -> {
                            if (!back[0]) {
                                throw MintFailure.unavailable("down", true, null);
                            }
                            return until(decision.expiresAt());
                        });
        failure(minter, "a");
        assertThat(minter.shortCircuited("a")).isFalse();
        failure(minter, "a");
        assertThat(minter.shortCircuited("a")).isTrue();

        MintFailure notAsked = failure(minter, "a");
        assertThat(asked).hasValue(2);
        assertThat(notAsked.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(notAsked.certain()).isTrue();
        assertThat(notAsked.retryAfter()).isEqualTo(Duration.ofSeconds(2));

        ticker.addAndGet(Duration.ofSeconds(3).toNanos());
        failure(minter, "a");
        assertThat(asked).as("one trial").hasValue(3);
        assertThat(failure(minter, "a").retryAfter()).isEqualTo(Duration.ofSeconds(4));

        ticker.addAndGet(Duration.ofSeconds(5).toNanos());
        back[0] = true;
        minter.mint(decision("a"), ISSUANCE);
        minter.mint(decision("a"), ISSUANCE);
        assertThat(minter.shortCircuited("a")).isFalse();
    }

    @Test
    void aProviderThatSaysNoIsNotBroken() {
        GuardedMinter minter =
                guarded(
                        LIMITS,
                        _ -> {
                            throw MintFailure.refused("no");
                        });
        for (int i = 0; i < 5; i++) {
            assertThat(failure(minter, "a").reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        }
        assertThat(asked).hasValue(5);
    }

    @Test
    void oneTargetsTroubleIsNotAnothers() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        GuardedMinter minter =
                guarded(
                        LIMITS,
                        decision -> {
                            if (decision.target().name().equals("slow")) {
                                inside.countDown();
                                gate.await();
                            }
                            return until(decision.expiresAt());
                        });
        Future<MintedCredential> first =
                threads.submit(() -> minter.mint(decision("slow"), ISSUANCE));
        Future<MintedCredential> second =
                threads.submit(() -> minter.mint(decision("slow"), ISSUANCE));
        inside.await();
        MintFailure third = failure(minter, "slow");
        assertThat(third.reason()).isEqualTo(RefusalReason.OVERLOADED);
        assertThat(third.certain()).isTrue();
        assertThat(minter.mint(decision("quick"), ISSUANCE)).isNotNull();
        gate.countDown();
        first.get();
        second.get();
        assertThat(minter.mint(decision("slow"), ISSUANCE)).isNotNull();
    }

    @Test
    void whatComesAfterTheDeadlineIsEndedAtItsProvider() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        GuardedMinter minter =
                guarded(
                        LIMITS.withDeadline(Duration.ofMillis(50)),
                        decision -> {
                            boolean open = false;
                            while (!open) {
                                try {
                                    gate.await();
                                    open = true;
                                } catch (InterruptedException e) {
                                    // A library that does not listen.
                                    over.countDown();
                                }
                            }
                            return until(decision.expiresAt());
                        });
        MintFailure failure = failure(minter, "a");
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
        over.await();
        assertThat(ended).isEmpty();
        gate.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(ended).containsExactly(ISSUANCE);
    }

    @Test
    void whatOutlivesTheDecisionIsEndedAndNotGiven() {
        GuardedMinter minter =
                guarded(LIMITS, decision -> until(decision.expiresAt().plusSeconds(61)));
        MintFailure failure = failure(minter, "a");
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.detail()).contains("2026-11-21T10:16:01Z");
        assertThat(ended).containsExactly(ISSUANCE);
    }
}
