package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Between issuances and lines of the record.
final class Records {

    private static final Set<String> BEFORE_SIGNATURE = new HashSet<>();

    static {
        for (RefusalReason reason : RefusalReason.values()) {
            if (reason.beforeSignature()) {
                BEFORE_SIGNATURE.add(reason.code());
            }
        }
    }

    private Records() {}

    /// Whether a refusal came before a signature was verified. One that names a subject did not,
    /// whatever its reason.
    static boolean anybodyCanCause(AuditRecord refusal) {
        return refusal.subject() == null
                && (refusal.reason() == null || BEFORE_SIGNATURE.contains(refusal.reason()));
    }

    static AuditRecord of(
            Reservation reservation,
            AuditRecord.Kind kind,
            Instant time,
            Instant expires,
            @Nullable Duration took,
            @Nullable RefusalReason reason,
            @Nullable String detail) {
        Issuance issuance = reservation.issuance();
        return AuditRecord.of(time, kind)
                .id(issuance.id())
                .receipt(issuance.receipt())
                .reason(reason == null ? null : reason.code())
                .detail(detail)
                .issuer(issuance.issuer())
                .subject(issuance.subject())
                .claims(issuance.claims())
                .tokenFingerprint(issuance.tokenFingerprint())
                .jtiHash(issuance.jtiHash())
                .subjectExpires(issuance.subjectExpires())
                .presentation(issuance.presentation())
                .replay(text(issuance.replay()))
                .grant(issuance.grant())
                .target(issuance.target())
                .targetKind(issuance.targetKind())
                .scope(issuance.scope())
                .ttl(issuance.ttl())
                .expires(expires)
                .senderConstraint(issuance.senderConstraint())
                .peer(issuance.peer())
                .userAgent(issuance.userAgent())
                .owner(issuance.owner())
                .otherPeer(reservation.otherPeer())
                .duration(took)
                .replayUntil(issuance.replayUntil())
                .session(issuance.session())
                .build();
    }

    private static String text(Replay replay) {
        return switch (replay) {
            case SINGLE_USE -> "single-use";
            case PER_TARGET -> "per-target";
            case RECORD -> "record";
            case OFF -> "off";
        };
    }

    /// @param lines of one issuance, in the record's order
    /// @param revoked whether it is known as revoked, also where its line is not among these
    static Optional<IssuanceState> fold(List<AuditRecord> lines, boolean revoked, Instant now) {
        AuditRecord record = null;
        Status status = Status.RESERVED;
        Instant revokedAt = null;
        for (AuditRecord line : lines) {
            switch (line.kind()) {
                case RESERVED -> record = line;
                case ISSUED -> {
                    record = line;
                    status = Status.ISSUED;
                }
                case FAILED -> {
                    record = record == null ? line : record;
                    status = Status.FAILED;
                }
                case UNCERTAIN -> {
                    record = record == null ? line : record;
                    status = Status.UNCERTAIN;
                }
                // The first line revoked it; later ones say what its provider did.
                case REVOKED -> revokedAt = revokedAt == null ? line.time() : revokedAt;
                case REFUSED, EXPIRED, SHADOW, SESSION, CONFIG, KEY -> {}
            }
        }
        if (record == null) {
            return Optional.empty();
        }
        if (status == Status.FAILED) {
            return Optional.of(new IssuanceState(record, status, null));
        }
        if (revoked || revokedAt != null) {
            return Optional.of(new IssuanceState(record, Status.REVOKED, revokedAt));
        }
        Instant expires = record.expires();
        if (expires != null && !now.isBefore(expires)) {
            status = Status.EXPIRED;
        }
        return Optional.of(new IssuanceState(record, status, null));
    }
}
