package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.policy.Ruling.Granted;
import dev.tollbridge.bridge.policy.Ruling.Refused;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.KindFacts;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides whether one grant that admits the subject satisfies the rest of a request: scope, then
/// lifetime, then proof. The order is the order in which a refusal is told.
final class Ruler {

    private Ruler() {}

    static Ruling rule(
            Subject subject,
            Target target,
            Grant grant,
            Allowance allowance,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            @Nullable Duration sessionAge,
            Instant now) {
        SortedSet<String> scope = allowance.scopes();
        if (request.scope() != null) {
            for (String asked : request.scope()) {
                if (!scope.contains(asked)) {
                    return new Refused(
                            RefusalReason.SCOPE_REFUSED,
                            "grant " + grant.name() + " does not give all of the scope");
                }
            }
            scope = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(request.scope()));
        }
        Lifetime lifetime = Lifetime.of(subject, grant, allowance, target, request.ttl(), now);
        if (!lifetime.possible()) {
            return new Refused(
                    RefusalReason.TTL_REFUSED,
                    "grant "
                            + grant.name()
                            + ": "
                            + lifetime.ttl().toSeconds()
                            + "s, set by "
                            + lifetime.bound().words()
                            + ", is less than the "
                            + lifetime.minimum().toSeconds()
                            + "s that a target of kind "
                            + target.kind()
                            + " needs");
        }
        Refused noSession = sessionAge == null ? null : noSession(subject, grant, sessionAge);
        if (noSession != null) {
            return noSession;
        }
        Refused unproved = unproved(subject, grant, allowance.demand(), proof, proofPossible);
        if (unproved != null) {
            return unproved;
        }
        if (sessionAge != null && proof.dpopThumbprint() == null) {
            return required(grant, "a session needs a DPoP key", proofPossible);
        }
        boolean heldByHelper = sessionAge != null && subject.boundKey() == null;
        return new Granted(
                grant,
                scope,
                lifetime,
                boundTo(target, allowance.demand(), proof, heldByHelper),
                List.of());
    }

    /// @param age of the session; zero while it is being opened
    private static @Nullable Refused noSession(Subject subject, Grant grant, Duration age) {
        GrantSpec.Session session = grant.spec().session();
        if (session == null) {
            return new Refused(
                    RefusalReason.SESSION_REFUSED, "grant " + grant.name() + " gives no session");
        }
        if (subject.issuer().kubernetes() || subject.issuer().tokenReview() != null) {
            return new Refused(
                    RefusalReason.SESSION_REFUSED,
                    "a pod's token is its lease: it gets a new one as long as it runs");
        }
        return age.compareTo(session.max()) < 0
                ? null
                : new Refused(
                        RefusalReason.SESSION_REFUSED,
                        "the session is older than the "
                                + session.max().toSeconds()
                                + "s that grant "
                                + grant.name()
                                + " gives");
    }

    private static @Nullable Refused unproved(
            Subject subject,
            Grant grant,
            Allowance.Demand demand,
            SenderProof proof,
            boolean proofPossible) {
        String dpop = proof.dpopThumbprint();
        String bound = subject.boundKey();
        if (bound != null && dpop == null) {
            return required(grant, "the subject token is bound to a key", proofPossible);
        }
        if (bound != null && !bound.equals(dpop)) {
            return new Refused(
                    RefusalReason.PROOF_INVALID,
                    "the proof is of another key than the one the subject token is bound to");
        }
        boolean certificate = proof.certificateThumbprint() != null;
        if (demand.dpop() && dpop == null) {
            return required(grant, "DPoP is demanded", proofPossible);
        }
        if (demand.certificate() && !certificate) {
            return required(grant, "a client certificate is demanded", proofPossible);
        }
        if (demand.any() && dpop == null && !certificate) {
            return required(grant, "DPoP or a client certificate is demanded", proofPossible);
        }
        return null;
    }

    private static Refused required(Grant grant, String why, boolean proofPossible) {
        return new Refused(
                RefusalReason.PROOF_REQUIRED,
                "grant "
                        + grant.name()
                        + ": "
                        + why
                        + (proofPossible ? "" : ", and this door cannot carry a proof"));
    }

    /// Binding beats bearer: a credential that can be bound is bound to what was proved. DPoP goes
    /// before a certificate, which a mesh may have presented without the workload's knowing, unless
    /// the certificate is demanded.
    ///
    /// Not in a session: its key is the helper's, and the tools that the credentials are for do not
    /// have it. There a credential is bound where that is demanded.
    private static SenderProof boundTo(
            Target target, Allowance.Demand demand, SenderProof proof, boolean heldByHelper) {
        if (heldByHelper && !demand.dpop() && !demand.certificate() && !demand.any()) {
            return SenderProof.NONE;
        }
        if (!KindFacts.of(target.settings()).bindable()) {
            return SenderProof.NONE;
        }
        String dpop = proof.dpopThumbprint();
        if (dpop == null) {
            return proof;
        }
        return demand.certificate() ? proof : new SenderProof(dpop, null);
    }
}
