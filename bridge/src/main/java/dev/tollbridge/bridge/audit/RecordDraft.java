package dev.tollbridge.bridge.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An {@link AuditRecord} while it is being put together, member by member and by name: most
/// records have few of them. For one thread.
public final class RecordDraft {

    private @Nullable Instant time;
    private AuditRecord.@Nullable Kind kind;
    private @Nullable String id;
    private @Nullable String receipt;
    private @Nullable String reason;
    private @Nullable String detail;
    private @Nullable String issuer;
    private @Nullable String subject;
    private Map<String, String> claims = Map.of();
    private @Nullable String tokenFingerprint;
    private @Nullable String jtiHash;
    private @Nullable Instant subjectExpires;
    private @Nullable String presentation;
    private @Nullable String replay;
    private @Nullable String grant;
    private @Nullable String target;
    private @Nullable String targetKind;
    private @Nullable String scope;
    private @Nullable Duration ttl;
    private @Nullable Instant expires;
    private @Nullable String senderConstraint;
    private @Nullable String peer;
    private @Nullable String userAgent;
    private @Nullable String owner;
    private boolean otherPeer;
    private @Nullable Duration duration;
    private @Nullable Instant replayUntil;
    private @Nullable String session;
    private @Nullable String state;

    RecordDraft() {}

    RecordDraft time(Instant given) {
        time = given;
        return this;
    }

    RecordDraft kind(AuditRecord.Kind given) {
        kind = given;
        return this;
    }

    public RecordDraft id(@Nullable String given) {
        id = given;
        return this;
    }

    public RecordDraft receipt(@Nullable String given) {
        receipt = given;
        return this;
    }

    public RecordDraft reason(@Nullable String given) {
        reason = given;
        return this;
    }

    public RecordDraft detail(@Nullable String given) {
        detail = given;
        return this;
    }

    public RecordDraft issuer(@Nullable String given) {
        issuer = given;
        return this;
    }

    public RecordDraft subject(@Nullable String given) {
        subject = given;
        return this;
    }

    public RecordDraft claims(Map<String, String> given) {
        claims = given;
        return this;
    }

    public RecordDraft tokenFingerprint(@Nullable String given) {
        tokenFingerprint = given;
        return this;
    }

    public RecordDraft jtiHash(@Nullable String given) {
        jtiHash = given;
        return this;
    }

    public RecordDraft subjectExpires(@Nullable Instant given) {
        subjectExpires = given;
        return this;
    }

    public RecordDraft presentation(@Nullable String given) {
        presentation = given;
        return this;
    }

    public RecordDraft replay(@Nullable String given) {
        replay = given;
        return this;
    }

    public RecordDraft grant(@Nullable String given) {
        grant = given;
        return this;
    }

    public RecordDraft target(@Nullable String given) {
        target = given;
        return this;
    }

    public RecordDraft targetKind(@Nullable String given) {
        targetKind = given;
        return this;
    }

    public RecordDraft scope(@Nullable String given) {
        scope = given;
        return this;
    }

    public RecordDraft ttl(@Nullable Duration given) {
        ttl = given;
        return this;
    }

    public RecordDraft expires(@Nullable Instant given) {
        expires = given;
        return this;
    }

    public RecordDraft senderConstraint(@Nullable String given) {
        senderConstraint = given;
        return this;
    }

    public RecordDraft peer(@Nullable String given) {
        peer = given;
        return this;
    }

    public RecordDraft userAgent(@Nullable String given) {
        userAgent = given;
        return this;
    }

    public RecordDraft owner(@Nullable String given) {
        owner = given;
        return this;
    }

    public RecordDraft otherPeer(boolean given) {
        otherPeer = given;
        return this;
    }

    public RecordDraft duration(@Nullable Duration given) {
        duration = given;
        return this;
    }

    public RecordDraft replayUntil(@Nullable Instant given) {
        replayUntil = given;
        return this;
    }

    public RecordDraft session(@Nullable String given) {
        session = given;
        return this;
    }

    public RecordDraft state(@Nullable String given) {
        state = given;
        return this;
    }

    /// @throws IllegalArgumentException when it has no time or kind
    public AuditRecord build() {
        if (time == null || kind == null) {
            throw new IllegalArgumentException("time or kind is missing");
        }
        return new AuditRecord(
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
                replayUntil,
                session,
                state);
    }
}
