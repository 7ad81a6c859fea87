package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.secret.Secret;
import org.jspecify.annotations.Nullable;

/// Who may use the doors that are not for everybody: admin, explain, introspection (DESIGN 14, rule
/// 7). A minted credential is never such a proof.
@FunctionalInterface
public interface OperatorCheck {

    /// May block; called on a virtual thread.
    ///
    /// @param bearer the credential of the `Authorization` header: hostile until found to be one of
    ///   ours
    /// @return who it is, for the record, such as `admin-token`; null for nobody
    @Nullable String operator(Secret bearer);
}
