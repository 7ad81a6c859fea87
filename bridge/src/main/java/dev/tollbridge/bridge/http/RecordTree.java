package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.IssuanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records as the admin API and `audit show` show them: the names of INTERFACE 4.
public final class RecordTree {

    private RecordTree() {}

    public static Map<String, @Nullable Object> of(AuditRecord record) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        put(tree, "time", record.time());
        put(tree, "kind", record.kind().name().toLowerCase(Locale.ROOT));
        put(tree, "id", record.id());
        put(tree, "receipt", record.receipt());
        put(tree, "reason", record.reason());
        put(tree, "detail", record.detail());
        put(tree, "session", record.session());
        put(tree, "issuer", record.issuer());
        put(tree, "subject", record.subject());
        if (!record.claims().isEmpty()) {
            put(tree, "claims", record.claims());
        }
        put(tree, "token_fingerprint", record.tokenFingerprint());
        put(tree, "jti_hash", record.jtiHash());
        put(tree, "subject_expires", record.subjectExpires());
        put(tree, "presentation", record.presentation());
        put(tree, "replay", record.replay());
        put(tree, "grant", record.grant());
        put(tree, "target", record.target());
        put(tree, "target_kind", record.targetKind());
        put(tree, "scope", record.scope());
        Duration ttl = record.ttl();
        put(tree, "ttl", ttl == null ? null : ttl.toSeconds());
        put(tree, "expires", record.expires());
        put(tree, "sender_constraint", record.senderConstraint());
        put(tree, "peer", record.peer());
        put(tree, "user_agent", record.userAgent());
        put(tree, "owner", record.owner());
        if (record.otherPeer()) {
            put(tree, "other_peer", true);
        }
        Duration took = record.duration();
        put(tree, "duration_ms", took == null ? null : took.toNanos() / 1_000_000.0);
        return tree;
    }

    static Map<String, @Nullable Object> of(IssuanceState state) {
        Map<String, @Nullable Object> tree = of(state.record());
        put(tree, "status", state.status().name().toLowerCase(Locale.ROOT));
        put(tree, "revoked_at", state.revokedAt());
        return tree;
    }

    private static void put(
            Map<String, @Nullable Object> tree, String name, @Nullable Object value) {
        if (value != null) {
            tree.put(name, value instanceof Instant instant ? instant.toString() : value);
        }
    }
}
