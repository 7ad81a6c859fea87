package dev.tollbridge.webhook.index;

import dev.tollbridge.webhook.stored.StoredName;

/// Is told of what changed what is known, so that other replicas and the next start know it too.
/// Returns at once and throws nothing.
@FunctionalInterface
public interface VerdictJournal {
    void changed(StoredName name, Observation seen);
}
