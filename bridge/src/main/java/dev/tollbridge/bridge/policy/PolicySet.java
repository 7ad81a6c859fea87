package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.target.TargetRegistry;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Everything that decides who may have what: denied subjects, targets, grants. Immutable; a new
/// configuration is a new set.
public final class PolicySet {

    /// What came of compiling; the set holds what could be understood.
    public record Compiled(PolicySet policies, List<Problem> problems) {}

    private final TargetRegistry targets;

    private PolicySet(TargetRegistry targets) {
        this.targets = targets;
    }

    /// @param issuers the enabled trusted issuers by document name
    public static Compiled compile(
            Documents documents, Map<String, TrustedIssuer> issuers, TargetRegistry targets) {
        return new Compiled(new PolicySet(targets), List.of());
    }

    /// What this workload gets.
    ///
    /// @param proof what the caller has proved to hold
    /// @param proofPossible whether the door can carry a proof at all (DESIGN 14, rule 11)
    /// @throws dev.tollbridge.bridge.refusal.Refusal `subject_disabled`, `request_malformed`,
    ///   `target_unknown`, `grant_missing`; and only after a grant matched `scope_refused`,
    ///   `ttl_refused`, `proof_required`, `proof_invalid`
    public Decision decide(
            WorkloadIdentity identity,
            TargetRequest request,
            SenderProof proof,
            boolean proofPossible,
            Instant now) {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Names of grants in shadow mode that would have matched, for the record of a refusal.
    public List<String> shadows(WorkloadIdentity identity, TargetRequest request, Instant now) {
        return List.of();
    }

    public TargetRegistry targets() {
        return targets;
    }
}
