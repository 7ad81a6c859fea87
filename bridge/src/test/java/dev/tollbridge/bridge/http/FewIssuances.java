package dev.tollbridge.bridge.http;

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

/// The read side of a ledger that knows `iss_1`, and remembers what it was asked.
final class FewIssuances implements Ledger {

    final List<Query> queries = new ArrayList<>();

    static AuditRecord record() {
        return AuditRecord.of(Instant.parse("2026-11-21T10:00:00Z"), AuditRecord.Kind.ISSUED)
                .id("iss_1")
                .receipt("rct_1")
                .issuer("github")
                .subject("github:repo:1")
                .claims(Map.of("repository", "acme/payments"))
                .tokenFingerprint("f00d")
                .jtiHash("cafe")
                .grant("payments-deploy")
                .target("internal-api")
                .targetKind("jwt")
                .scope("a b")
                .ttl(Duration.ofMinutes(10))
                .expires(Instant.parse("2026-11-21T10:10:00Z"))
                .peer("192.0.2.1")
                .owner("team@acme.example")
                .otherPeer(true)
                .duration(Duration.ofMillis(3))
                .build();
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        return issuance.equals("iss_1")
                ? Optional.of(new IssuanceState(record(), IssuanceState.Status.ISSUED, null))
                : Optional.empty();
    }

    @Override
    public List<IssuanceState> list(Query query) {
        queries.add(query);
        return find("iss_1").stream().toList();
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        return receipt.equals("rct_1") ? Optional.of(record()) : Optional.empty();
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        throw new UnsupportedOperationException();
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
    public void switchedOff(Set<KillSwitch> switches) {
        throw new UnsupportedOperationException();
    }

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
