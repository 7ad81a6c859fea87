package dev.tollbridge.bridge.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of the record (INTERFACE 4). Null members are left out of the line.
///
/// @param id the issuance (`iss_...`), or what the record is about
/// @param detail for the operator: what exactly failed; never a secret
/// @param issuer the trusted issuer's document name
/// @param claims the identifying claims only
/// @param jtiHash what replay is judged by
/// @param presentation one per request: several issuances of one `POST /credentials` share a use of
///   the token
/// @param otherPeer whether the same subject token was seen from another address before
/// @param replayUntil how long this use of the token is remembered; null: this record takes no use
public record AuditRecord(
        Instant time,
        Kind kind,
        @Nullable String id,
        @Nullable String receipt,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable String issuer,
        @Nullable String subject,
        Map<String, String> claims,
        @Nullable String tokenFingerprint,
        @Nullable String jtiHash,
        @Nullable Instant subjectExpires,
        @Nullable String presentation,
        @Nullable String replay,
        @Nullable String grant,
        @Nullable String target,
        @Nullable String targetKind,
        @Nullable String scope,
        @Nullable Duration ttl,
        @Nullable Instant expires,
        @Nullable String senderConstraint,
        @Nullable String peer,
        @Nullable String userAgent,
        @Nullable String owner,
        boolean otherPeer,
        @Nullable Duration duration,
        @Nullable Instant replayUntil) {

    /// A record that takes no use of a token.
    public AuditRecord(
            Instant time,
            Kind kind,
            @Nullable String id,
            @Nullable String receipt,
            @Nullable String reason,
            @Nullable String detail,
            @Nullable String issuer,
            @Nullable String subject,
            Map<String, String> claims,
            @Nullable String tokenFingerprint,
            @Nullable String jtiHash,
            @Nullable Instant subjectExpires,
            @Nullable String presentation,
            @Nullable String replay,
            @Nullable String grant,
            @Nullable String target,
            @Nullable String targetKind,
            @Nullable String scope,
            @Nullable Duration ttl,
            @Nullable Instant expires,
            @Nullable String senderConstraint,
            @Nullable String peer,
            @Nullable String userAgent,
            @Nullable String owner,
            boolean otherPeer,
            @Nullable Duration duration) {
        this(
                time,
                kind,
                id,
                receipt,
                reason,
                detail,
                issuer,
                subject,
                claims,
                tokenFingerprint,
                jtiHash,
                subjectExpires,
                presentation,
                replay,
                grant,
                target,
                targetKind,
                scope,
                ttl,
                expires,
                senderConstraint,
                peer,
                userAgent,
                owner,
                otherPeer,
                duration,
                null);
    }

    /// A record about something other than an exchange: `config`, `key`, `session`.
    public static AuditRecord note(
            Instant time, Kind kind, @Nullable String id, @Nullable String detail) {
        return new AuditRecord(
                time, kind, id, null, null, detail, null, null, Map.of(), null, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null, false, null,
                null);
    }

    /// What became of the issuance that this record is about later. Takes no use of its token and
    /// carries no request's address.
    public AuditRecord after(Kind what, Instant then, @Nullable String why) {
        return new AuditRecord(
                then,
                what,
                id,
                null,
                null,
                why,
                issuer,
                subject,
                claims,
                tokenFingerprint,
                jtiHash,
                subjectExpires,
                presentation,
                replay,
                grant,
                target,
                targetKind,
                scope,
                ttl,
                expires,
                senderConstraint,
                null,
                null,
                owner,
                false,
                null,
                null);
    }

    public enum Kind {
        RESERVED,
        ISSUED,
        FAILED,
        UNCERTAIN,
        REFUSED,
        REVOKED,
        EXPIRED,
        SHADOW,
        SESSION,
        CONFIG,
        KEY;

        private final String code = name().toLowerCase(Locale.ROOT);

        /// As written in the record, such as `issued`.
        public String code() {
            return code;
        }
    }
}
