package dev.tollbridge.bridge.ledger;

import dev.tollbridge.bridge.audit.AuditRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An issuance as the ledger knows it.
///
/// @param record the line that reserved or issued it
public record IssuanceState(AuditRecord record, Status status, @Nullable Instant revokedAt) {

    public enum Status {
        RESERVED,
        ISSUED,
        FAILED,
        /// Reserved, and then the bridge ended or the provider did not answer: a credential may
        /// exist.
        UNCERTAIN,
        REVOKED,
        EXPIRED;

        /// Whether a credential of it may be in use, now or soon: only then there is something to
        /// end.
        public boolean isOpen() {
            return switch (this) {
                case RESERVED, ISSUED, UNCERTAIN -> true;
                case FAILED, REVOKED, EXPIRED -> false;
            };
        }
    }
}
