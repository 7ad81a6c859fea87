package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.RecordDraft;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.session.Opening;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.SubjectToken;
import dev.tollbridge.bridge.token.VerifiedToken;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One request on its way: what is known of it so far, for the record.
///
/// Written by the request's own thread until the identity is known, only read afterwards.
final class Attempt {

    /// Kept beyond a token's end and the clock skew, so that rounding opens no gap.
    private static final Duration REPLAY_MARGIN = Duration.ofSeconds(5);

    /// Longer texts tell the operator nothing and fill the disk.
    private static final int LONGEST_USER_AGENT = 200;

    private final Caller caller;
    private final Instant time;
    private final LongSupplier ticker;
    private final long started;
    private final String presentation;
    private @Nullable SubjectToken token;
    private @Nullable VerifiedToken verified;
    private @Nullable WorkloadIdentity identity;
    private @Nullable String session;
    private @Nullable Opening opening;

    /// @param ticker nanoseconds that never go back
    /// @param presentation the request's own id
    Attempt(Caller caller, Instant time, LongSupplier ticker, String presentation) {
        this.caller = caller;
        this.time = time;
        this.ticker = ticker;
        this.started = ticker.getAsLong();
        this.presentation = presentation;
    }

    static Attempt begin(ExchangeSteps steps, Caller caller) {
        return new Attempt(
                caller, steps.clock().instant(), steps.ticker(), steps.ids().presentation());
    }

    Caller caller() {
        return caller;
    }

    /// When the request arrived: what expiry and lifetime are judged by, once for all of it.
    Instant time() {
        return time;
    }

    Duration took() {
        return Duration.ofNanos(ticker.getAsLong() - started);
    }

    SubjectToken saw(SubjectToken parsed) {
        token = parsed;
        return parsed;
    }

    VerifiedToken saw(VerifiedToken proven) {
        verified = proven;
        return proven;
    }

    WorkloadIdentity saw(WorkloadIdentity known) {
        identity = known;
        return known;
    }

    /// What is issued belongs to this session, which is about to be opened.
    void opens(String sessionId) {
        session = sessionId;
    }

    /// The request came with a handle of this session.
    ///
    /// @param known what the session was opened with; null: it has ended
    void resumes(String sessionId, @Nullable Opening known) {
        session = sessionId;
        opening = known;
    }

    String presentation() {
        return presentation;
    }

    @Nullable VerifiedToken verified() {
        return verified;
    }

    /// What the ledger needs to know to reserve what was decided.
    ///
    /// @param id the issuance's, `iss_...`; the receipt shares its ULID
    /// @param named whether a kill switch names this workload, grant or target
    Issuance issuance(String id, Decision decision, Predicate<KillSwitch> named) {
        WorkloadIdentity subject = decision.identity();
        VerifiedToken proof = subject.token();
        return new Issuance(
                id,
                "rct_" + id.substring("iss_".length()),
                decision.decidedAt(),
                presentation,
                proof.issuer().name(),
                subject.subject(),
                subject.identifyingClaims(),
                proof.fingerprint(),
                proof.jtiHash(),
                // A session's handle has its own rule about being used again.
                opening == null ? proof.issuer().replay() : Replay.OFF,
                proof.issuedAt(),
                proof.expiresAt(),
                proof.expiresAt().plus(proof.issuer().clockSkew()).plus(REPLAY_MARGIN),
                decision.grant(),
                decision.target().name(),
                decision.target().kind(),
                String.join(" ", decision.scope()),
                decision.ttl(),
                decision.expiresAt(),
                constraint(decision.boundTo()),
                caller.peer(),
                userAgent(),
                decision.owner(),
                named,
                session);
    }

    /// The record of a refusal, with as much of the subject as had been proved when it came.
    ///
    /// @param decision what had been decided, when it came that far
    /// @param target what was asked for, where there is such a target
    AuditRecord refused(
            String receipt,
            Refusal refusal,
            @Nullable Decision decision,
            @Nullable Target target,
            boolean otherPeer) {
        return record(
                AuditRecord.Kind.REFUSED,
                receipt,
                refusal.reason().code(),
                refusal.detail(),
                decision == null ? null : decision.grant(),
                decision,
                target,
                otherPeer);
    }

    /// The record of a grant in shadow mode that would have matched.
    AuditRecord shadow(
            String receipt, String grant, @Nullable Decision decision, @Nullable Target target) {
        return record(
                AuditRecord.Kind.SHADOW,
                receipt,
                null,
                "this grant is in shadow mode and would have matched",
                grant,
                decision,
                target,
                false);
    }

    private AuditRecord record(
            AuditRecord.Kind kind,
            String receipt,
            @Nullable String reason,
            String detail,
            @Nullable String grant,
            @Nullable Decision decision,
            @Nullable Target target,
            boolean otherPeer) {
        VerifiedToken proof = verified;
        WorkloadIdentity subject = identity;
        RecordDraft record =
                AuditRecord.of(time, kind)
                        .receipt(receipt)
                        .reason(reason)
                        .detail(detail)
                        .presentation(presentation)
                        .grant(grant)
                        .peer(caller.peer())
                        .userAgent(userAgent())
                        .otherPeer(otherPeer)
                        .duration(took());
        if (token != null) {
            record.tokenFingerprint(token.fingerprint());
        }
        if (proof != null) {
            record.issuer(proof.issuer().name())
                    .jtiHash(proof.jtiHash())
                    .subjectExpires(proof.expiresAt());
        }
        if (subject != null) {
            record.subject(subject.subject()).claims(subject.identifyingClaims());
        }
        if (opening != null && proof == null) {
            record.tokenFingerprint(opening.tokenFingerprint())
                    .issuer(opening.issuer())
                    .subject(opening.subject())
                    .claims(opening.claims())
                    .jtiHash(opening.jtiHash());
        }
        record.session(session);
        if (target != null) {
            record.target(target.name()).targetKind(target.kind());
        }
        if (decision != null) {
            record.scope(String.join(" ", decision.scope()))
                    .ttl(decision.ttl())
                    .owner(decision.owner());
        }
        return record.build();
    }

    @Nullable String userAgent() {
        String agent = caller.userAgent();
        return agent == null || agent.length() <= LONGEST_USER_AGENT
                ? agent
                : agent.substring(0, LONGEST_USER_AGENT);
    }

    private static String constraint(SenderProof boundTo) {
        if (boundTo.dpopThumbprint() != null) {
            return "dpop";
        }
        return boundTo.certificateThumbprint() != null ? "mtls" : "none";
    }
}
