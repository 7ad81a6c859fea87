package dev.tollbridge.bridge.token;

/// Reads a verified token as a workload's identity.
public final class IdentityReader {

    /// @throws dev.tollbridge.bridge.refusal.Refusal `claim_malformed` when a claim that the
    ///   subject is made of is missing
    public WorkloadIdentity read(VerifiedToken token) {
        throw new UnsupportedOperationException("not yet: " + token);
    }
}
