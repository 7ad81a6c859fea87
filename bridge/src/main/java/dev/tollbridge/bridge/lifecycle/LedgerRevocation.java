package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.lifecycle.HeldCredentials.Held;
import dev.tollbridge.bridge.lifecycle.ProviderSide.Told;
import dev.tollbridge.bridge.lifecycle.RevocationHandles.Shown;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import dev.tollbridge.bridge.signing.PublicKeys;
import dev.tollbridge.bridge.target.Target;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Ends exactly the issuance that was shown, by its credential or by its handle, and only what the
/// ledger knows (DESIGN 14, rule 8). The ledger first and durably; then the provider.
public final class LedgerRevocation implements Revocation {

    private final OwnTokens tokens;
    private final RevocationHandles handles;
    private final HeldCredentials held;
    private final Ledger ledger;
    private final ProviderSide providers;
    private final InstantSource clock;

    /// @param keys of the bridge's own issuer
    /// @param issuer the bridge's external URL
    public LedgerRevocation(
            PublicKeys keys,
            String issuer,
            HandleKey handleKey,
            Ledger ledger,
            ProviderSide providers,
            InstantSource clock) {
        this.tokens = new OwnTokens(keys, issuer);
        this.handles = new RevocationHandles(handleKey);
        this.held = new HeldCredentials(handleKey, clock);
        this.ledger = ledger;
        this.providers = providers;
        this.clock = clock;
    }

    @Override
    public Revoked revoke(Secret token, String by) {
        Shown shown = handles.read(token);
        if (shown != null) {
            return end(shown.issuance(), shown.endedBy(), by);
        }
        String issuance = handles.looksLikeOne(token) ? null : issuanceOf(token);
        return issuance == null ? Revoked.NOTHING : end(issuance, null, by);
    }

    @Override
    public Revoked revokeIssuance(String issuance, String by) {
        return end(issuance, null, by);
    }

    private @Nullable String issuanceOf(Secret credential) {
        Optional<Claims> claims = tokens.read(credential);
        return claims.isPresent() ? claims.get().string("jti") : held.issuance(credential);
    }

    private Revoked end(String issuance, @Nullable Secret shown, String by) {
        boolean now = ledger.revoke(issuance, by, clock.instant());
        Optional<IssuanceState> state = ledger.find(issuance);
        if (state.isEmpty() || state.get().status() != IssuanceState.Status.REVOKED) {
            return Revoked.NOTHING;
        }
        AuditRecord record = state.get().record();
        Held known = held.of(issuance);
        // Also when it had been revoked before: its provider may not have been reached then.
        Told told =
                providers.end(
                        record,
                        known == null ? null : known.target(),
                        shown != null || known == null ? shown : known.endedBy());
        return new Revoked(issuance, now, told.outcome(), told.retryAfter(), record.expires());
    }

    @Override
    public Secret handed(String issuance, Target target, MintedCredential credential) {
        // The bridge's own tokens are recognised by their signature, and nobody has to be told.
        if (!target.kind().equals("jwt")) {
            held.remember(issuance, target, credential);
        }
        return handles.of(issuance, credential.endedBy());
    }

    @Override
    public boolean revocable(AuditRecord issuance) {
        return providers.revocable(issuance);
    }
}
