package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.policy.Ruling.Granted;
import dev.tollbridge.bridge.policy.Ruling.Refused;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRegistry;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that decides who may have what: denied subjects, targets, grants. Immutable; a new
/// configuration is a new set.
public final class PolicySet {

    /// What came of compiling; the set holds what could be understood.
    public record Compiled(PolicySet policies, List<Problem> problems) {}

    private final TargetRegistry targets;
    private final List<Grant> grants;
    private final Map<String, MatchIndex<Match>> denied;

    /// By issuer, then target: every grant that could give it.
    private final Map<String, Map<String, MatchIndex<Grant>>> index;

    private final NearestGrant nearest;

    private PolicySet(
            TargetRegistry targets, List<Grant> grants, Map<String, MatchIndex<Match>> denied) {
        this.targets = targets;
        this.grants = grants;
        this.denied = denied;
        this.index = index(grants);
        this.nearest = new NearestGrant(grants);
    }

    public static Compiled compile(Documents documents, TargetRegistry targets) {
        PolicyCompiler compiler = new PolicyCompiler(documents, targets);
        PolicySet policies = new PolicySet(targets, compiler.grants(), compiler.denied());
        return new Compiled(policies, compiler.problems());
    }

    /// Makes the condition language ready ahead of need. It takes a few hundred milliseconds, once
    /// per process, that a start can spend on another core while it reads files; without a call the
    /// first condition pays.
    public static void warmUp() {
        ConditionCompiler.warmUp();
    }

    private static Map<String, Map<String, MatchIndex<Grant>>> index(List<Grant> grants) {
        Map<String, Map<String, List<Grant>>> sorted = new HashMap<>();
        for (Grant grant : grants) {
            if (grant.spec().enabled()) {
                var ofIssuer = sorted.computeIfAbsent(grant.spec().issuer(), _ -> new HashMap<>());
                for (String target : grant.allowances().keySet()) {
                    ofIssuer.computeIfAbsent(target, _ -> new ArrayList<>()).add(grant);
                }
            }
        }
        Map<String, Map<String, MatchIndex<Grant>>> index = new HashMap<>();
        sorted.forEach((issuer, byTarget) -> {
            Map<String, MatchIndex<Grant>> indexes = new HashMap<>();
            byTarget.forEach(
                    (target, those) -> indexes.put(target, new MatchIndex<>(those, Grant::match)));
            index.put(issuer, indexes);
        });
        return index;
    }

    /// What this workload gets: the first grant by name that satisfies the whole request decides.
    ///
    /// @param proof what the caller has proved to hold
    /// @param proofPossible whether the door can carry a proof at all (DESIGN 14, rule 11)
    /// @throws Refusal `subject_disabled`, `request_malformed`, `target_unknown`, `grant_missing`;
    ///   and only after a grant matched `scope_refused`, `ttl_refused`, `proof_required`,
    ///   `proof_invalid`
    public Decision decide(
            WorkloadIdentity identity,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        return decide(identity, request, proof, proofPossible, null, now);
    }

    /// The same for a job session: only a grant that gives one decides.
    ///
    /// @param sessionAge how long ago the session was opened, zero while it is being opened; null:
    ///   as if there were none
    /// @throws Refusal as above, and `session_refused` after a grant matched
    public Decision decide(
            WorkloadIdentity identity,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            @Nullable Duration sessionAge,
            Instant now) {
        Subject subject = Subject.of(identity);
        refuseDenied(subject);
        Target target = targets.select(request);
        return switch (rule(subject, target, request, proof, proofPossible, sessionAge, now)) {
            case Granted granted ->
                    new Decision(
                            identity,
                            target,
                            granted.grant().name(),
                            granted.grant().spec().owner(),
                            granted.scope(),
                            granted.lifetime().ttl(),
                            now,
                            granted.boundTo(),
                            granted.shadows(),
                            granted.grant().sessionMax());
            case Refused refused ->
                    throw new Refusal(
                            refused.reason(),
                            refused.reason() == RefusalReason.GRANT_MISSING
                                    ? refused.detail() + nearest.words(subject, target, now)
                                    : refused.detail());
        };
    }

    /// Refuses a subject that its issuer's `denied` names. Part of {@link #decide}; alone for doors
    /// that act without deciding anew.
    ///
    /// @throws Refusal `subject_disabled`
    public void refuseDenied(WorkloadIdentity identity) {
        refuseDenied(Subject.of(identity));
    }

    /// Whether its issuer's `denied` names a workload of which only what the record keeps is left.
    ///
    /// @param recorded claims as the record has them, by name or JSON Pointer
    /// @param unknownFits what to take a claim for that `denied` looks at and the record has not:
    ///   true errs on the side of denying
    public boolean deniesRecorded(
            String issuer, Map<String, String> recorded, boolean unknownFits) {
        MatchIndex<Match> entries = denied.get(issuer);
        if (entries == null) {
            return false;
        }
        Map<ClaimReference, String> known = new HashMap<>();
        recorded.forEach((name, text) -> known.put(ClaimReference.parse(name), text));
        for (Match match : entries.all()) {
            if (match.holdsForRecorded(known, unknownFits)) {
                return true;
            }
        }
        return false;
    }

    void refuseDenied(Subject subject) {
        MatchIndex<Match> entries = denied.get(subject.issuer().name());
        if (entries == null) {
            return;
        }
        for (Match match : entries.candidates(subject.claims())) {
            if (match.holds(subject.claims())) {
                throw new Refusal(
                        RefusalReason.SUBJECT_DISABLED,
                        "denied by trusted issuer " + subject.issuer().name());
            }
        }
    }

    /// As {@link #decide}, for a target already selected and for whoever wants to look at a
    /// refusal.
    Ruling judge(
            Subject subject,
            Target target,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        try {
            refuseDenied(subject);
        } catch (Refusal refusal) {
            return new Refused(refusal.reason(), refusal.detail());
        }
        return rule(subject, target, request, proof, proofPossible, null, now);
    }

    private Ruling rule(
            Subject subject,
            Target target,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            @Nullable Duration sessionAge,
            Instant now) {
        if (!target.enabled()) {
            return new Refused(
                    RefusalReason.TARGET_UNKNOWN, "target " + target.name() + " is disabled");
        }
        Granted granted = null;
        Refused nearest = null;
        List<String> shadows = List.of();
        for (Grant grant : candidates(subject, target)) {
            if (grant.expired(now)
                    || (granted != null && !grant.shadow())
                    || !grant.admits(subject)) {
                continue;
            }
            if (grant.shadow()) {
                if (shadows.isEmpty()) {
                    shadows = new ArrayList<>(1);
                }
                shadows.add(grant.name());
                continue;
            }
            Allowance allowance = grant.allowances().get(target.name());
            if (allowance == null) {
                continue;
            }
            switch (Ruler.rule(
                    subject,
                    target,
                    grant,
                    allowance,
                    request,
                    proof,
                    proofPossible,
                    sessionAge,
                    now)) {
                case Granted yes -> granted = yes;
                case Refused no -> nearest = further(nearest, no);
            }
        }
        if (granted != null) {
            return shadows.isEmpty()
                    ? granted
                    : new Granted(
                            granted.grant(),
                            granted.scope(),
                            granted.lifetime(),
                            granted.boundTo(),
                            List.copyOf(shadows));
        }
        if (nearest != null) {
            return nearest;
        }
        return new Refused(
                RefusalReason.GRANT_MISSING,
                "no grant in force gives this subject target "
                        + target.name()
                        + (shadows.isEmpty()
                                ? ""
                                : "; in shadow mode would have matched: "
                                        + String.join(", ", shadows)));
    }

    /// Of several grants that matched, the one that came furthest is told: it is the one the caller
    /// can do something about.
    private static Refused further(@Nullable Refused one, Refused other) {
        return one == null || other.reason().compareTo(one.reason()) > 0 ? other : one;
    }

    private List<Grant> candidates(Subject subject, Target target) {
        Map<String, MatchIndex<Grant>> ofIssuer = index.get(subject.issuer().name());
        MatchIndex<Grant> ofTarget = ofIssuer == null ? null : ofIssuer.get(target.name());
        return ofTarget == null ? List.of() : ofTarget.candidates(subject.claims());
    }

    /// Names of grants in shadow mode that would have matched, for the record of a refusal.
    public List<String> shadows(WorkloadIdentity identity, TargetRequest request, Instant now) {
        Subject subject = Subject.of(identity);
        Target target = targets.select(request);
        List<String> names = new ArrayList<>();
        for (Grant grant : candidates(subject, target)) {
            if (grant.shadow() && !grant.expired(now) && grant.admits(subject)) {
                names.add(grant.name());
            }
        }
        return names;
    }

    public TargetRegistry targets() {
        return targets;
    }

    /// All grants, in order of their names, disabled and expired ones too.
    List<Grant> grants() {
        return grants;
    }
}
