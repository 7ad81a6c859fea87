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
    private final List<String> asked;
    private final List<MintedCredential> minted;

    CountingMinter(CredentialMinter real) {
        this(real, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    private CountingMinter(
            CredentialMinter real, List<String> asked, List<MintedCredential> minted) {
        this.real = real;
        this.asked = asked;
        this.minted = minted;
    }

    /// One for another kind, whose mints count as this one's.
    CountingMinter beside(CredentialMinter other) {
        return new CountingMinter(other, asked, minted);
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
