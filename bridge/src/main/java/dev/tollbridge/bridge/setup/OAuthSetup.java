package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.target.OAuthService;
import dev.tollbridge.bridge.target.OAuthServices;
import dev.tollbridge.bridge.target.OAuthTerms;
import dev.tollbridge.bridge.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What another authorization server must believe: issuer, keys, subject and audience, each exact;
/// and the bridge as a client, where it is to authenticate.
final class OAuthSetup implements TargetSetup {

    @Override
    public String kind() {
        return "oauth";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(SetupForm.JSON);
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        OAuth oauth = (OAuth) target.settings();
        OAuthTerms terms = OAuthTerms.of(oauth);
        String issuer = FederationTokens.issuerOf(externalUrl);
        Map<String, Object> trust = new LinkedHashMap<>();
        trust.put("issuer", issuer);
        trust.put("jwks_uri", issuer + "/jwks");
        trust.put("subject", FederationTokens.subject(target));
        trust.put("audience", terms.assertionAudience());
        trust.put("algorithms", List.of(terms.algorithm()));
        trust.put("lifetime_seconds", FederationTokens.LIFE.toSeconds());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("trust", trust);
        if (terms.authenticated()) {
            Map<String, Object> client = new LinkedHashMap<>();
            client.put("client_id", terms.clientId());
            client.put("token_endpoint_auth_method", "private_key_jwt");
            client.put("token_endpoint_auth_signing_alg", terms.algorithm());
            client.put("jwks_uri", issuer + "/jwks");
            tree.put("client", client);
        }
        tree.put("scopes", oauth.scopes());
        OAuthService service = oauth.preset() == null ? null : OAuthServices.find(oauth.preset());
        if (service != null) {
            tree.put("service", service.name());
            tree.put("steps", service.setup());
            tree.put("sources", service.sources());
        }
        return Written.json(tree);
    }
}
