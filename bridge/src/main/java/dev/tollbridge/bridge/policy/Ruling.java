package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.token.SenderProof;
import java.util.List;
import java.util.SortedSet;

/// What policy says, before it is a decision or a refusal.
sealed interface Ruling {

    record Granted(
            Grant grant,
            SortedSet<String> scope,
            Lifetime lifetime,
            SenderProof boundTo,
            List<String> shadows)
            implements Ruling {}

    /// @param detail for the operator
    record Refused(RefusalReason reason, String detail) implements Ruling {}
}
