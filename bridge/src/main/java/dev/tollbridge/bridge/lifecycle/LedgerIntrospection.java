package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.PublicKeys;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Says of a token whether it counts: signed by a key that is still believed, not at its end, known
/// to the ledger (DESIGN 14, rule 4), not revoked, and nothing it rests on switched off.
public final class LedgerIntrospection implements Introspection {

    private static final Map<String, Object> INACTIVE = Map.of("active", false);
    private static final List<String> FROM_TOKEN =
            List.of("iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "cnf");

    private final OwnTokens tokens;
    private final Ledger ledger;
    private final Predicate<AuditRecord> switchedOff;
    private final InstantSource clock;

    /// @param keys of the bridge's own issuer
    /// @param issuer the bridge's external URL
    /// @param switchedOff whether the issuer, grant, target or subject that an issuance rests on
    ///   has been taken away since
    public LedgerIntrospection(
            PublicKeys keys,
            String issuer,
            Ledger ledger,
            Predicate<AuditRecord> switchedOff,
            InstantSource clock) {
        this.tokens = new OwnTokens(keys, issuer);
        this.ledger = ledger;
        this.switchedOff = switchedOff;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> introspect(Secret token) {
        Optional<Claims> claims = tokens.read(token);
        if (claims.isEmpty() || ended(claims.get())) {
            return INACTIVE;
        }
        String issuance = claims.get().string("jti");
        Optional<IssuanceState> known = issuance == null ? Optional.empty() : ledger.find(issuance);
        if (known.isEmpty()
                || known.get().status() != IssuanceState.Status.ISSUED
                || switchedOff.test(known.get().record())) {
            return INACTIVE;
        }
        return active(claims.get(), known.get().record());
    }

    private boolean ended(Claims claims) {
        Long expires = claims.integer("exp");
        return expires == null || clock.instant().getEpochSecond() >= expires;
    }

    /// RFC 7662 section 2.2; `issuance`, `target` and `grant` are ours.
    private static Map<String, Object> active(Claims claims, AuditRecord record) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        for (String name : FROM_TOKEN) {
            put(answer, name, claims.get(name));
        }
        answer.put("token_type", claims.at("/cnf/jkt") == null ? "Bearer" : "DPoP");
        put(answer, "issuance", claims.get("jti"));
        put(answer, "target", record.target());
        put(answer, "grant", record.grant());
        return answer;
    }

    private static void put(Map<String, Object> answer, String name, @Nullable Object value) {
        if (value != null) {
            answer.put(name, value);
        }
    }
}
