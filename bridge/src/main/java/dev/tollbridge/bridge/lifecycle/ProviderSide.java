package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells providers what has been revoked.
@FunctionalInterface
public interface ProviderSide {

    /// Nobody has to be told anything: credentials are the bridge's own.
    ProviderSide NONE = (_, _, _) -> new Told(AtProvider.NOT_NEEDED, null);

    /// @param retryAfter with {@link AtProvider#NOT_REACHED}
    record Told(AtProvider outcome, @Nullable Duration retryAfter) {}

    /// Waits a few seconds at most; what did not work by then goes on in the background.
    ///
    /// @param issuance the line that issued it
    /// @param target as it was when the credential was minted; null: as it is configured now
    /// @param endedBy what the provider has to be shown; null: not known here
    Told end(AuditRecord issuance, @Nullable Target target, @Nullable Secret endedBy);

    /// Whether the credentials of this issuance's target can be ended early at all.
    default boolean revocable(AuditRecord issuance) {
        return true;
    }
}
