package dev.tollbridge.bridge.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An exchange says beforehand whether it has to wait for anybody, and never waits when it says no:
/// then it may run on an event loop.
class WhatWaitsTest {

    @TempDir Path folder;
    private ExchangeFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ExchangeFixture(folder, Duration.ofSeconds(30));
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    @Test
    void nothingHasToBeAskedForWhenTheKeyIsAtHandAndTheTargetIsMintedHere() {
        assertThat(fixture.receive(fixture.token("a"), "api").waits()).isFalse();
        assertThat(fixture.receive(fixture.token("a"), "api", "other").waits()).isFalse();
    }

    @Test
    void aProviderIsWaitedForAlsoWhenItIsOneTargetOfSeveral() {
        fixture.minting(false, _ -> {});
        assertThat(fixture.receive(fixture.token("a"), "api").waits()).isTrue();
        assertThat(fixture.receive(fixture.token("a"), "nothing", "api").waits()).isTrue();
    }

    @Test
    void anIssuerIsWaitedForWhenItsKeyIsNotAtHand() {
        ReceivedExchange received = fixture.receive(fixture.tokenOfUnknownKey("a"), "api");
        assertThat(received.waits()).isTrue();
        assertThat(reason(received.proceed().join().getFirst()))
                .isEqualTo(RefusalReason.KEY_UNKNOWN);
        assertThat(fixture.minted()).isZero();
    }

    @Test
    void whatIsNoTokenIsRefusedWithoutWaiting() {
        ReceivedExchange received = fixture.receive("no.token", "api", "other");
        assertThat(received.waits()).isFalse();
        CompletableFuture<List<ExchangeOutcome>> outcomes = received.proceed();
        assertThat(outcomes).isCompleted();
        assertThat(outcomes.join())
                .extracting(WhatWaitsTest::reason)
                .containsExactly(RefusalReason.TOKEN_MALFORMED, RefusalReason.TOKEN_MALFORMED);
    }

    @Test
    void aTargetThatIsNotThereKeepsNobodyWaiting() {
        ReceivedExchange received = fixture.receive(fixture.token("a"), "nothing");
        assertThat(received.waits()).isFalse();
        assertThat(reason(received.proceed().join().getFirst()))
                .isEqualTo(RefusalReason.TARGET_UNKNOWN);
    }

    @Test
    void theOutcomeComesWhenTheRecordIsOnDiskAndNobodyIsHeldUntilThen() {
        fixture.diskHangs();
        CompletableFuture<List<ExchangeOutcome>> outcomes =
                fixture.receive(fixture.token("a"), "api").proceed();
        // Whoever called has gone on; a thread that waited would not be here.
        assertThat(fixture.minted()).isOne();
        fixture.diskGoesOn();
        assertThat(outcomes.join().getFirst()).isInstanceOf(Issued.class);
    }

    @Test
    void aRefusalOfAKnownWorkloadIsOnDiskBeforeItIsTold() {
        String token = fixture.token("a");
        assertThat(fixture.exchange(token, "api").getFirst()).isInstanceOf(Issued.class);
        fixture.diskHangs();
        CompletableFuture<List<ExchangeOutcome>> again = fixture.receive(token, "api").proceed();
        fixture.diskGoesOn();
        Refused refused = (Refused) again.join().getFirst();
        assertThat(refused.reason()).isEqualTo(RefusalReason.TOKEN_REPLAYED);
        assertThat(fixture.ledger().receipt(refused.receipt())).isPresent();
    }

    private static RefusalReason reason(ExchangeOutcome outcome) {
        return ((Refused) outcome).reason();
    }
}
