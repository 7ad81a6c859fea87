package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.JsonTree;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.exchange.Granting.Asker;
import dev.tollbridge.bridge.exchange.Identification.Identified;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.Opening;
import dev.tollbridge.bridge.session.Opening.Given;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.session.Sessions.Found;
import dev.tollbridge.bridge.session.Sessions.Proven;
import dev.tollbridge.bridge.session.Sessions.Turned;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.KeyBinding;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.VerifiedToken;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The exchange of a job session: to be opened, a whole exchange of a subject token; later, the
/// same way with what the session remembers in the token's place. What comes after "who asks" is
/// shared, so a session decides anew each time and can only narrow.
public final class SessionExchange implements JobSessions {

    private static final Logger LOG = LoggerFactory.getLogger(SessionExchange.class);

    private final ExchangeSteps steps;
    private final Sessions sessions;
    private final Identification identification;
    private final Granting granting;
    private final Refusals refusals;

    public SessionExchange(ExchangeSteps steps, Sessions sessions) {
        this.steps = steps;
        this.sessions = sessions;
        this.identification = new Identification(steps);
        this.refusals = new Refusals(steps);
        this.granting = new Granting(steps, refusals);
    }

    @Override
    public Answered open(ExchangeRequest request) {
        Attempt attempt = Attempt.begin(steps, request.caller());
        try {
            Rules rules = steps.rules().current();
            Identified caller = identification.identify(request, rules, attempt);
            sessions.admit();
            String id = steps.ids().session();
            attempt.opens(id);
            Asker asker =
                    new Asker(
                            rules,
                            caller.identity(),
                            caller.proof(),
                            request.proof().possible(),
                            Duration.ZERO,
                            UnaryOperator.identity());
            List<ExchangeOutcome> outcomes = granting.each(attempt, asker, request.targets());
            List<Issued> issued = issued(outcomes);
            if (issued.isEmpty()) {
                return new Answered(outcomes, null, false);
            }
            Opening opening = opening(id, attempt, caller, issued);
            return new Answered(outcomes, sessions.open(opening, ends(issued)), false);
        } catch (RuntimeException problem) {
            Refused refused = refusals.refuse(attempt, problem, null, null);
            return new Answered(
                    request.targets().stream().map(_ -> (ExchangeOutcome) refused).toList(),
                    null,
                    false);
        }
    }

    private static Opening opening(
            String id, Attempt attempt, Identified caller, List<Issued> issued) {
        VerifiedToken token = caller.identity().token();
        Duration longest = Duration.ZERO;
        List<Given> given = new ArrayList<>(issued.size());
        for (Issued one : issued) {
            Decision decision = one.decision();
            Duration max = decision.sessionMax();
            longest = max != null && max.compareTo(longest) > 0 ? max : longest;
            given.add(
                    new Given(
                            decision.target().name(),
                            List.copyOf(decision.scope()),
                            decision.ttl(),
                            decision.grant(),
                            decision.owner()));
        }
        return new Opening(
                id,
                attempt.time(),
                attempt.time().plus(longest),
                token.issuer().name(),
                caller.identity().subject(),
                caller.identity().identifyingClaims(),
                token.fingerprint(),
                token.jtiHash(),
                String.valueOf(caller.proof().dpopThumbprint()),
                JsonTree.bytes(token.claims().members()),
                given,
                attempt.caller().peer(),
                attempt.userAgent());
    }

    @Override
    public Answered resume(SessionRequest request) {
        Attempt attempt = Attempt.begin(steps, request.caller());
        try {
            Found found = sessions.find(request.handle());
            attempt.resumes(found.id(), found.opening());
            sessions.check(found, request.attempt(), !request.proof().dpop().isEmpty());
            Rules rules = steps.rules().current();
            SenderProof proof = identification.proved(request.proof(), attempt);
            Proven proven = sessions.prove(found, proof.dpopThumbprint());
            Opening opening = proven.opening();
            WorkloadIdentity identity = recalled(rules, opening, proof, attempt);
            Turned turned = sessions.turn(proven, request.attempt(), request.caller().peer());
            Asker asker =
                    new Asker(
                            rules,
                            identity,
                            proof,
                            request.proof().possible(),
                            Duration.between(opening.opened(), attempt.time()),
                            wanted -> narrowed(rules, opening, wanted));
            List<TargetRequest> wanted = request.targets();
            List<ExchangeOutcome> outcomes =
                    granting.each(attempt, asker, wanted == null ? all(opening) : wanted);
            sessions.gave(turned, ends(issued(outcomes)));
            if (wanted == null
                    && outcomes.stream().allMatch(SessionExchange::takenAway)
                    && !mayBeAhead(opening)) {
                sessions.end(opening.id(), SessionEnd.SWITCHED_OFF, "nothing of it is granted");
                return new Answered(outcomes, null, false);
            }
            return new Answered(outcomes, turned.handover(), false);
        } catch (RuntimeException problem) {
            return Answered.refused(refusals.refuse(attempt, problem, null, null));
        }
    }

    /// Who the session's job is, by today's rules. A session whose issuer is gone is over.
    private WorkloadIdentity recalled(
            Rules rules, Opening opening, SenderProof proof, Attempt attempt) {
        try {
            WorkloadIdentity identity = identity(rules, opening);
            KeyBinding.enforce(attempt.saw(identity.token()), proof);
            return attempt.saw(identity);
        } catch (Refusal refusal) {
            if (!mayBeAhead(opening)) {
                sessions.end(opening.id(), SessionEnd.SWITCHED_OFF, refusal.detail());
            }
            throw refusal;
        }
    }

    private WorkloadIdentity identity(Rules rules, Opening opening) {
        TrustedIssuer issuer = rules.issuers().named(opening.issuer());
        if (issuer == null) {
            throw new Refusal(
                    RefusalReason.ISSUER_UNKNOWN,
                    "trusted issuer " + opening.issuer() + " is gone or disabled");
        }
        Claims claims;
        try {
            claims = StrictJson.object(opening.kept());
        } catch (StrictJson.Malformed e) {
            throw new IllegalStateException("what the bridge kept is no JSON", e);
        }
        TokenVerifier verifier = steps.verifier();
        return steps.identities()
                .read(
                        verifier.recall(
                                claims, opening.tokenFingerprint(), opening.jtiHash(), issuer));
    }

    /// What a request may have of what the opening gave: that target, no more scope, no longer.
    ///
    /// @throws Refusal `grant_missing` for a target that the session was not opened with, whether
    ///   there is one or not; `scope_refused`
    private static TargetRequest narrowed(Rules rules, Opening opening, TargetRequest wanted) {
        String name = rules.targets().select(wanted).name();
        for (Given given : opening.given()) {
            if (given.target().equals(name)) {
                return narrowed(given, wanted);
            }
        }
        throw new Refusal(
                RefusalReason.GRANT_MISSING, "the session was not opened with target " + name);
    }

    private static TargetRequest narrowed(Given given, TargetRequest wanted) {
        if (wanted.scope() != null && !given.scope().containsAll(wanted.scope())) {
            throw new Refusal(RefusalReason.SCOPE_REFUSED, "more than the session was opened with");
        }
        Duration ttl = wanted.ttl();
        return new TargetRequest(
                List.of(given.target()),
                List.of(),
                wanted.scope() == null ? java.util.Set.copyOf(given.scope()) : wanted.scope(),
                ttl == null || ttl.compareTo(given.ttl()) > 0 ? given.ttl() : ttl);
    }

    private static List<TargetRequest> all(Opening opening) {
        return opening.given().stream().map(given -> TargetRequest.named(given.target())).toList();
    }

    private static List<Issued> issued(List<ExchangeOutcome> outcomes) {
        return outcomes.stream().filter(Issued.class::isInstance).map(Issued.class::cast).toList();
    }

    private static Map<String, Instant> ends(List<Issued> issued) {
        Map<String, Instant> ends = new LinkedHashMap<>();
        issued.forEach(one -> ends.put(one.issuance(), one.credential().expiresAt()));
        return ends;
    }

    private static boolean takenAway(ExchangeOutcome outcome) {
        return outcome instanceof Refused refused && takenAway(refused.reason());
    }

    private static boolean takenAway(RefusalReason reason) {
        return switch (reason) {
            case GRANT_MISSING, TARGET_UNKNOWN, SUBJECT_DISABLED, ISSUER_UNKNOWN, SESSION_REFUSED ->
                    true;
            case REQUEST_MALFORMED,
                    GRANT_TYPE_UNSUPPORTED,
                    OVERLOADED,
                    TOKEN_MALFORMED,
                    ISSUER_UNAVAILABLE,
                    KEY_UNKNOWN,
                    SIGNATURE_INVALID,
                    SESSION_UNKNOWN,
                    AUDIENCE_MISMATCH,
                    TOKEN_EXPIRED,
                    TOKEN_NOT_YET_VALID,
                    TOKEN_TOO_OLD,
                    TOKEN_TOO_LONG_LIVED,
                    CLAIM_MALFORMED,
                    SUBJECT_GONE,
                    PROOF_INVALID,
                    SESSION_ENDED,
                    SESSION_REPLAYED,
                    SCOPE_REFUSED,
                    TTL_REFUSED,
                    PROOF_REQUIRED,
                    APPROVAL_REQUIRED,
                    TARGET_REFUSED,
                    TARGET_UNAVAILABLE,
                    TOKEN_REPLAYED,
                    LEDGER_UNAVAILABLE,
                    INTERNAL ->
                    false;
        };
    }

    @Override
    public void end(Secret handle, String by) {
        sessions.revoke(handle, by);
    }

    @Override
    public boolean endSession(String session, String by) {
        return sessions.end(session, SessionEnd.OPERATOR, by);
    }

    /// Ends the sessions that the rules in force give nothing any more, without waiting for their
    /// next request.
    public void follow(Rules rules) {
        try {
            sessions.each(opening -> follow(rules, opening));
        } catch (Refusal refusal) {
            LOG.warn("sessions cannot be looked at: {}", refusal.detail());
        }
    }

    private void follow(Rules rules, Opening opening) {
        if (mayBeAhead(opening) || !gone(rules, opening)) {
            return;
        }
        try {
            sessions.end(
                    opening.id(),
                    SessionEnd.SWITCHED_OFF,
                    "the rules that came into force give it nothing");
        } catch (Refusal refusal) {
            LOG.warn("{}: over, and not recorded: {}", opening.id(), refusal.detail());
        }
    }

    /// Whether another bridge may have opened it by a grant that is on its way here: then nothing
    /// is given yet, and it is not over.
    private boolean mayBeAhead(Opening opening) {
        return steps.clock().instant().isBefore(opening.opened().plus(sessions.rulesLag()));
    }

    private boolean gone(Rules rules, Opening opening) {
        Instant now = steps.clock().instant();
        SenderProof proof = new SenderProof(opening.key(), null);
        WorkloadIdentity identity;
        try {
            identity = identity(rules, opening);
        } catch (Refusal refusal) {
            return true;
        }
        for (Given given : opening.given()) {
            try {
                Decision _ =
                        rules.policy()
                                .decide(
                                        identity,
                                        TargetRequest.named(given.target()),
                                        proof,
                                        true,
                                        Duration.between(opening.opened(), now),
                                        now);
                return false;
            } catch (Refusal refusal) {
                if (!takenAway(refusal.reason())) {
                    return false;
                }
            }
        }
        return true;
    }
}
