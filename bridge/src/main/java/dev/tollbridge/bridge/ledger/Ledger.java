package dev.tollbridge.bridge.ledger;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The durable store of issuances.
///
/// Guarantees, the same for every implementation: an issuance is durable before its credential
/// leaves; one (issuer, jti[, target]) is accepted once while it could be valid; a revocation is
/// seen by every replica within one second; nothing is lost on `kill -9`. Methods block; call them
/// on a virtual thread.
public interface Ledger extends AutoCloseable {

    /// Takes the subject token's use and, for credentials minted elsewhere, makes that durable.
    ///
    /// @param durable whether the reservation must be on disk before this returns: true where a
    ///   provider is about to be called, false where the outcome is recorded before anything leaves
    ///   the process
    /// @throws dev.tollbridge.bridge.refusal.Refusal `token_replayed`, `token_too_old` (the ledger
    ///   lost its memory after the token was issued), what a kill switch says, `overloaded` or
    ///   `ledger_unavailable`
    Reservation reserve(Issuance issuance, boolean durable);

    /// Records that the credential exists and is about to leave. Durable when this returns.
    ///
    /// @param expires when the credential really ends, which the provider may have decided
    /// @param knownAs what the provider calls the credential, for the record's `detail`; never a
    ///   secret
    /// @throws dev.tollbridge.bridge.refusal.Refusal `ledger_unavailable` when it is not durable
    ///   within the deadline: the credential must not leave
    void issued(Reservation reservation, Instant expires, @Nullable String knownAs, Duration took);

    /// The same for a credential that has no name elsewhere.
    default void issued(Reservation reservation, Instant expires, Duration took) {
        issued(reservation, expires, null, took);
    }

    /// Records that no credential left the bridge. When certain, the token's use is given back.
    ///
    /// @param certain false: a credential may exist that nobody was given
    void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took);

    /// Ends an issuance early, as far as the ledger is concerned. Durable when this returns.
    ///
    /// @return false when the ledger does not know it, or it had ended
    boolean revoke(String issuance, String by, Instant at);

    Optional<IssuanceState> find(String issuance);

    /// Newest first.
    List<IssuanceState> list(Query query);

    /// The record of a refusal or of an issuance, by receipt.
    Optional<AuditRecord> receipt(String receipt);

    /// Replaces what is switched off. Durable when this returns.
    void switchedOff(Set<KillSwitch> switches);

    /// Whether the same subject token was seen from another address before: for the record of a
    /// refusal, a refused replay above all.
    ///
    /// @param jtiHash null where it is not known yet
    default boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        return false;
    }

    /// When each grant was last used, by name.
    java.util.Map<String, Instant> lastUse();

    /// Issuances whose subject ran in this pod, of every bridge that shares this ledger.
    ///
    /// @param issuer the trusted issuer's name
    /// @return empty too where the ledger is one process's own: that knows what it issued
    default List<String> ofPod(String issuer, String podUid) {
        return List.of();
    }

    /// Whether it can take reservations right now.
    boolean healthy();

    @Override
    void close();

    /// @param limit at most 1000
    record Query(
            @Nullable String subject,
            @Nullable String target,
            @Nullable Instant since,
            int limit) {}
}
