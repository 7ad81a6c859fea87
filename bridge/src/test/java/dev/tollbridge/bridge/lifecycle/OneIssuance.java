package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A ledger that knows one issuance, and remembers what it was asked to revoke.
final class OneIssuance implements Ledger {

    final List<String> revoked = new ArrayList<>();
    IssuanceState.Status status = IssuanceState.Status.ISSUED;
    private final String id;

    OneIssuance(String id) {
        this.id = id;
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        if (!issuance.equals(id)) {
            return Optional.empty();
        }
        AuditRecord record =
                AuditRecord.of(Instant.EPOCH, AuditRecord.Kind.ISSUED)
                        .id(id)
                        .receipt("rct_1")
                        .issuer("github")
                        .subject("github:repo:1")
                        .grant("payments-deploy")
                        .target("internal-api")
                        .targetKind("jwt")
                        .scope("a b")
                        .ttl(Duration.ofMinutes(10))
                        .owner("team@acme.example")
                        .build();
        return Optional.of(new IssuanceState(record, status, null));
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        if (!issuance.equals(id) || status != IssuanceState.Status.ISSUED) {
            return false;
        }
        status = IssuanceState.Status.REVOKED;
        revoked.add(issuance + " by " + by);
        return true;
    }

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void issued(
            Reservation reservation, Instant expires, @Nullable String knownAs, Duration took) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<IssuanceState> list(Query query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void switchedOff(Set<KillSwitch> switches) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Instant> lastUse() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public void close() {}
}
