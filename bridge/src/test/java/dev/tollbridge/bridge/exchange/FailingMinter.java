package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.policy.Decision;

/// Mints for real and then fails all the same: the worst moment for it.
record FailingMinter(CredentialMinter real, boolean inProcess, Failure failure)
        implements CredentialMinter {

    @FunctionalInterface
    interface Failure {
        void fail(MintedCredential minted) throws MintFailure;
    }

    static FailingMinter of(CredentialMinter real, Failure failure) {
        return new FailingMinter(real, real.inProcess(), failure);
    }

    @Override
    public String kind() {
        return real.kind();
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        MintedCredential minted = real.mint(decision, issuance);
        failure.fail(minted);
        return minted;
    }
}
