package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.target.Target;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Mints as the real one does and remembers that it was asked, and what came of it.
final class CountingMinter implements CredentialMinter {

    private final CredentialMinter real;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<MintedCredential> minted = new CopyOnWriteArrayList<>();

    CountingMinter(CredentialMinter real) {
        this.real = real;
    }

    @Override
    public String kind() {
        return real.kind();
    }

    @Override
    public boolean inProcess() {
        return real.inProcess();
    }

    @Override
    public void prepare(Target target) {
        real.prepare(target);
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        asked.add(issuance);
        MintedCredential credential = real.mint(decision, issuance);
        minted.add(credential);
        return credential;
    }

    int calls() {
        return asked.size();
    }

    List<MintedCredential> minted() {
        return List.copyOf(minted);
    }
}
