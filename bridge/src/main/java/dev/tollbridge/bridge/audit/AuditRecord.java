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
/// @param session the job session (`ses_...`) that an issuance or a refusal belongs to
/// @param state what a session's lines keep for the bridge itself: JSON without secrets, claims in
///   it sealed
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
        @Nullable Instant replayUntil,
        @Nullable String session,
        @Nullable String state) {

    /// The start of a record; {@link RecordDraft#build} ends it. What is not said is not there.
    public static RecordDraft of(Instant time, Kind kind) {
        return new RecordDraft().time(time).kind(kind);
    }

    /// A record about something other than an exchange: `config`, `key`, `session`.
    public static AuditRecord note(
            Instant time, Kind kind, @Nullable String id, @Nullable String detail) {
        return of(time, kind).id(id).detail(detail).build();
    }

    /// What became of the issuance that this record is about later. Takes no use of its token and
    /// carries no request's address.
    public AuditRecord after(Kind what, Instant then, @Nullable String why) {
        return of(then, what)
                .id(id)
                .detail(why)
                .issuer(issuer)
                .subject(subject)
                .claims(claims)
                .tokenFingerprint(tokenFingerprint)
                .jtiHash(jtiHash)
                .subjectExpires(subjectExpires)
                .presentation(presentation)
                .replay(replay)
                .grant(grant)
                .target(target)
                .targetKind(targetKind)
                .scope(scope)
                .ttl(ttl)
                .expires(expires)
                .senderConstraint(senderConstraint)
                .owner(owner)
                .session(session)
                .build();
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
