package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.lifecycle.SignedHead;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.signing.TokenSigner;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes files of the record that are older than what was asked for. Blocks.
record Retention(FileLedger ledger, TokenSigner signer, Duration age, InstantSource clock)
        implements Runnable {

    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration PERIOD = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    @Override
    public void run() {
        try {
            ledger.retain(age, head -> SignedHead.sign(head, signer, clock.instant()));
        } catch (Refusal refusal) {
            LOG.warn("old files of the record stay for now: {}", refusal.detail());
        } catch (IOException | RuntimeException e) {
            LOG.warn("old files of the record stay for now: {}", e.toString());
        }
    }
}
