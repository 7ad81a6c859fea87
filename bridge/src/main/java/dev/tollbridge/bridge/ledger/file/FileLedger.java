package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ledger of one machine, in `DATA/audit`.
public final class FileLedger implements Ledger {

    private FileLedger() {}

    /// Opens the ledger of a data folder, makes it where there is none, and locks it until {@link
    /// #close}.
    ///
    /// @param data the data folder (`--data`); made (0700) where there is none
    /// @throws dev.tollbridge.bridge.audit.JournalProblem when another process has it, or it is
    ///   damaged or of another version: the message says what to do
    public static FileLedger open(Path data, FileLedgerSettings settings) {
        throw new UnsupportedOperationException("being built");
    }

    /// Where everything that is not an issuance goes: refusals (those that anybody can cause into a
    /// bounded stream of their own), shadow decisions, key and configuration changes.
    public AuditTrail trail() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void issued(Reservation reservation, Instant expires, Duration took) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public List<IssuanceState> list(Query query) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void switchedOff(Set<KillSwitch> switches) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Map<String, Instant> lastUse() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public boolean healthy() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
