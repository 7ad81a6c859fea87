package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.mint.MintFailure;

/// One of the requests that together make a credential.
///
/// @param name for the operator
/// @param gives whether what it answers is, or is next to, the credential that was asked for. Where
///   it is not, an answer that was lost leaves no doubt: the federated token that may have been in
///   it was received by nobody, and the service account's was never asked for
record Step(String name, boolean gives) {

    static Step federation(boolean gives) {
        return new Step("Security Token Service", gives);
    }

    static final Step IMPERSONATION = new Step("IAM Credentials", true);

    static final Step BOUNDARY = new Step("Security Token Service, access boundary", true);

    /// The failure in this step's name and with this step's certainty.
    MintFailure failed(MintFailure failure) {
        MintFailure named =
                new MintFailure(
                        failure.reason(),
                        name + ": " + failure.detail(),
                        failure.certain() || !gives,
                        failure.retryAfter());
        return failure.retriable() ? named.safeToRetry() : named;
    }
}
