package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.Target;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The minters there are, by kind of target. The wiring writes the list.
public final class Minters {

    private final Map<String, CredentialMinter> byKind = new LinkedHashMap<>();

    public Minters(List<CredentialMinter> minters) {
        for (CredentialMinter minter : minters) {
            if (byKind.putIfAbsent(minter.kind(), minter) != null) {
                throw new IllegalArgumentException("two minters for kind " + minter.kind());
            }
        }
    }

    /// The kinds that can be minted, as written in documents.
    public Set<String> kinds() {
        return Set.copyOf(byKind.keySet());
    }

    /// The minter of a kind; null: nothing mints for it.
    public @Nullable CredentialMinter ofKind(String kind) {
        return byKind.get(kind);
    }

    /// @throws Refusal `target_refused` when nothing mints for the target's kind
    public CredentialMinter minterFor(Target target) {
        CredentialMinter minter = byKind.get(target.kind());
        if (minter == null) {
            throw new Refusal(
                    RefusalReason.TARGET_REFUSED,
                    "nothing here mints for targets of kind " + target.kind());
        }
        return minter;
    }

    /// Lets every minter get ready for the targets of a configuration before the first exchange
    /// asks. Called after each load; blocks while keys are made.
    public void prepare(Collection<Target> targets) {
        for (Target target : targets) {
            CredentialMinter minter = byKind.get(target.kind());
            if (minter != null) {
                minter.prepare(target);
            }
        }
    }
}
