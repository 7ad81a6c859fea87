package dev.tollbridge.bridge.mint.jwt;

import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import dev.tollbridge.bridge.signing.TokenSigner;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mints access tokens that the bridge signs itself (RFC 9068).
public final class JwtMinter implements CredentialMinter {

    private static final Logger LOG = LoggerFactory.getLogger(JwtMinter.class);

    /// RFC 9068 section 2.1.
    public static final String TYPE = "at+jwt";

    private static final String ISSUED_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

    /// More than any configuration holds: forms of targets that are no longer there stay until this
    /// many have come together, and then all are worked out anew.
    private static final int MOST_FORMS = 10_000;

    private final TokenSigner signer;
    private final String issuer;
    private final Map<Jwt, TokenForm> forms = new ConcurrentHashMap<>();

    /// @param issuer the bridge's external URL: the `iss` of every token
    public JwtMinter(TokenSigner signer, String issuer) {
        this.signer = signer;
        this.issuer = issuer;
    }

    @Override
    public String kind() {
        return "jwt";
    }

    @Override
    public boolean inProcess() {
        return true;
    }

    @Override
    public void prepare(Target target) {
        try {
            signer.prepare(form(target).algorithm());
        } catch (Refusal refusal) {
            // It refuses when asked, too; one bad target must not keep a configuration from
            // loading.
            LOG.warn("{}", refusal.detail());
        }
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        if (decision.ttl().compareTo(signer.longestTokenLife()) > 0) {
            throw failure(
                    RefusalReason.INTERNAL,
                    "the token would outlive the key that verifies it: "
                            + signer.longestTokenLife()
                            + " is the most");
        }
        try {
            TokenForm form = form(decision.target());
            // Whole seconds: dates in a token have no fraction that every reader understands.
            long issuedAt = decision.decidedAt().getEpochSecond();
            long expiresAt = issuedAt + decision.ttl().toSeconds();
            byte[] claims = form.claims(decision, issuance, issuedAt, expiresAt);
            Secret token = signer.sign(form.algorithm(), TYPE, claims);
            return new MintedCredential(
                    token,
                    tokenType(decision.boundTo()),
                    ISSUED_TOKEN_TYPE,
                    Instant.ofEpochSecond(expiresAt),
                    true);
        } catch (Refusal refusal) {
            throw failure(refusal.reason(), refusal.detail());
        } catch (KeyringUnavailable e) {
            throw failure(RefusalReason.INTERNAL, String.valueOf(e.getMessage()));
        }
    }

    /// RFC 9449 section 5: only a token bound to a DPoP key is of another type. A certificate binds
    /// without one (RFC 8705 section 3).
    private static String tokenType(SenderProof proof) {
        return proof.dpopThumbprint() == null ? "Bearer" : "DPoP";
    }

    private static MintFailure failure(RefusalReason reason, String detail) {
        return new MintFailure(reason, detail, true, null);
    }

    private TokenForm form(Target target) {
        if (!(target.settings() instanceof Jwt jwt)) {
            throw new IllegalArgumentException("target " + target.name() + " is not of kind jwt");
        }
        TokenForm known = forms.get(jwt);
        if (known != null) {
            return known;
        }
        if (forms.size() >= MOST_FORMS) {
            forms.clear();
        }
        TokenForm form = new TokenForm(issuer, target.name(), jwt);
        forms.put(jwt, form);
        return form;
    }
}
