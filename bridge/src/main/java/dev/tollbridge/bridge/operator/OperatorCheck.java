package dev.tollbridge.bridge.operator;

import dev.tollbridge.bridge.secret.Secret;

/// Who may use the doors that are not for everybody: admin, explain, introspection (DESIGN 14, rule
/// 7). A minted credential is never such a proof.
@FunctionalInterface
public interface OperatorCheck {

    /// May block; called on a virtual thread.
    ///
    /// @param bearer the credential of the `Authorization` header: hostile until found to be one of
    ///   ours
    OperatorVerdict judge(Secret bearer, Operation operation);

    /// This one, and for credentials that are nobody's here, another.
    default OperatorCheck or(OperatorCheck other) {
        return (bearer, operation) -> {
            OperatorVerdict verdict = judge(bearer, operation);
            return verdict instanceof OperatorVerdict.Nobody
                    ? other.judge(bearer, operation)
                    : verdict;
        };
    }
}
