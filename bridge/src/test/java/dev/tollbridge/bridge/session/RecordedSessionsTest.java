package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.signing.HandleKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The contract, on the record of one bridge.
class RecordedSessionsTest extends SessionStoreContract {

    private @Nullable FileLedger ledger;

    @Override
    protected SessionStore open(HandleKey key) {
        FileLedger opened =
                FileLedger.open(data.resolve("bridge"), FileLedgerSettings.standard(clock));
        ledger = opened;
        return new RecordedSessions(
                key,
                opened.sessionLines(),
                new SessionRecord(opened.trail(), DEADLINE),
                clock.instant());
    }

    @Override
    protected void stop() {
        Objects.requireNonNull(ledger).close();
    }
}
