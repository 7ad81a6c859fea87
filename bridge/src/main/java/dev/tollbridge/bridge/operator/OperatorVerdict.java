package dev.tollbridge.bridge.operator;

import java.time.Duration;

/// Whether somebody may do something.
public sealed interface OperatorVerdict {

    /// @param operator who it is, for the record, such as `admin-token` or
    ///   `kubernetes:system:serviceaccount:platform:oncall`; never the credential
    record Admitted(String operator) implements OperatorVerdict {}

    /// An operator, but not for this.
    record NotAllowed(String operator) implements OperatorVerdict {}

    /// The credential is nobody's.
    record Nobody() implements OperatorVerdict {}

    /// Whoever could tell cannot be asked.
    record Unavailable(Duration retryAfter) implements OperatorVerdict {}
}
