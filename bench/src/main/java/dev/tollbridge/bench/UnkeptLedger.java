package dev.tollbridge.bench;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A ledger that keeps nothing and waits for nothing: for measuring what happens around it.
final class UnkeptLedger implements Ledger {

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        return new Reservation(issuance, false);
    }

    @Override
    public void issued(
            Reservation reservation, Instant expires, @Nullable String handle, Duration took) {}

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {}

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        return false;
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        return Optional.empty();
    }

    @Override
    public List<IssuanceState> list(Query query) {
        return List.of();
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        return Optional.empty();
    }

    @Override
    public void switchedOff(Set<KillSwitch> switches) {}

    @Override
    public Map<String, Instant> lastUse() {
        return Map.of();
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public void close() {}
}
