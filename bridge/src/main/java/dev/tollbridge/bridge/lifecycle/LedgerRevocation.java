package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import dev.tollbridge.bridge.signing.PublicKeys;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Ends exactly the issuance that was shown, by its credential or by its handle, and only what the
/// ledger knows (DESIGN 14, rule 8).
public final class LedgerRevocation implements Revocation {

    private final OwnTokens tokens;
    private final RevocationHandles handles;
    private final Ledger ledger;
    private final InstantSource clock;

    /// @param keys of the bridge's own issuer
    /// @param issuer the bridge's external URL
    public LedgerRevocation(
            PublicKeys keys,
            String issuer,
            HandleKey handleKey,
            Ledger ledger,
            InstantSource clock) {
        this.tokens = new OwnTokens(keys, issuer);
        this.handles = new RevocationHandles(handleKey);
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public @Nullable String revoke(Secret token, String by) {
        String issuance = handles.issuance(token);
        if (issuance == null) {
            Optional<Claims> claims = tokens.read(token);
            issuance = claims.isPresent() ? claims.get().string("jti") : null;
        }
        return issuance != null && ledger.revoke(issuance, by, clock.instant()) ? issuance : null;
    }

    @Override
    public Secret handleFor(String issuance) {
        return handles.of(issuance);
    }
}
