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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A ledger that also remembers what was issued to which pod.
public record PodLedger(Ledger ledger, PodIssuances pods) implements Ledger {

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        return ledger.reserve(issuance, durable);
    }

    @Override
    public void issued(
            Reservation reservation, Instant expires, @Nullable String knownAs, Duration took) {
        ledger.issued(reservation, expires, knownAs, took);
        Issuance issuance = reservation.issuance();
        pods.issued(PodIssuances.pod(issuance.issuer(), issuance.claims()), issuance.id(), expires);
    }

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {
        ledger.failed(reservation, reason, detail, certain, took);
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        return ledger.revoke(issuance, by, at);
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        return ledger.find(issuance);
    }

    @Override
    public List<IssuanceState> list(Query query) {
        return ledger.list(query);
    }

    @Override
    public List<String> ofPod(String issuer, String podUid) {
        return ledger.ofPod(issuer, podUid);
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        return ledger.receipt(receipt);
    }

    @Override
    public void switchedOff(Set<KillSwitch> switches) {
        ledger.switchedOff(switches);
    }

    @Override
    public boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        return ledger.otherPeer(tokenFingerprint, jtiHash, peer);
    }

    @Override
    public Map<String, Instant> lastUse() {
        return ledger.lastUse();
    }

    @Override
    public boolean healthy() {
        return ledger.healthy();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
