package dev.tollbridge.bridge.mint.azure;

import dev.tollbridge.bridge.config.EntraCloud;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.mint.provider.Form;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.mint.provider.TokenEndpoint;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.target.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Asks Microsoft Entra ID for an access token, with a federation token as client assertion
/// (Microsoft identity platform, "OAuth 2.0 client credentials flow", third case).
///
/// Entra chooses the life: 60 to 90 minutes, and it cannot be ended early.
public final class EntraMinter implements CredentialMinter {

    private static final String ASSERTION_TYPE =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final FederationTokens federation;
    private final TokenEndpoint tokens;
    private final AllowedEndpoints endpoints;

    public EntraMinter(
            FederationTokens federation,
            Fetcher fetcher,
            AllowedEndpoints endpoints,
            InstantSource clock) {
        this.federation = federation;
        this.endpoints = endpoints;
        this.tokens = new TokenEndpoint(fetcher, clock, EntraErrors::said);
    }

    @Override
    public String kind() {
        return "azure";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public void prepare(Target target) {
        federation.prepare(SigningAlgorithm.RS256);
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        Azure azure = (Azure) decision.target().settings();
        String scope = scope(decision, azure);
        // An authority of somebody else's stands for the public cloud: an emulator, a proxy.
        EntraCloud cloud = EntraCloud.of(azure.authority()).orElse(EntraCloud.PUBLIC);
        Endpoint authority = authority(azure, cloud);
        Form form =
                new Form()
                        .add("grant_type", "client_credentials")
                        .add("client_id", azure.clientId())
                        .add("scope", scope)
                        .add("client_assertion_type", ASSERTION_TYPE)
                        .add(
                                "client_assertion",
                                federation.tokenFor(
                                        decision,
                                        issuance,
                                        cloud.audience(),
                                        SigningAlgorithm.RS256,
                                        Map.of()));
        TokenEndpoint.Issued issued =
                tokens.ask(
                        form.to(
                                authority.at("/" + azure.tenantId() + "/oauth2/v2.0/token"),
                                authority.rules()));
        return checked(issued, scope);
    }

    /// Entra gives a token for one resource, whatever it is asked for.
    private static String scope(Decision decision, Azure azure) throws MintFailure {
        List<String> scopes = List.copyOf(decision.scope());
        if (scopes.isEmpty()) {
            // A target with one resource leaves nothing to choose.
            scopes = azure.scopes();
        }
        if (scopes.size() != 1) {
            throw new MintFailure(
                    RefusalReason.SCOPE_REFUSED,
                    "Entra gives a token for one resource at a time; ask for one scope of "
                            + scopes.size(),
                    true,
                    null);
        }
        return scopes.getFirst();
    }

    private Endpoint authority(Azure azure, EntraCloud cloud) throws MintFailure {
        try {
            return EntraCloud.of(azure.authority()).isPresent()
                    ? endpoints.choose(cloud.authority(), null)
                    : endpoints.choose(cloud.authority(), azure.authority());
        } catch (FetchFailure refused) {
            throw ProviderAnswers.unanswered(refused);
        }
    }

    private static MintedCredential checked(TokenEndpoint.Issued issued, String scope)
            throws MintFailure {
        Instant expiresAt = issued.expiresAt();
        if (!issued.bearer()) {
            throw MintFailure.refused("Entra gave a token that is no bearer token");
        }
        if (expiresAt == null) {
            throw MintFailure.refused("Entra gave a token without saying when it ends");
        }
        if (issued.widerThan(Set.of(scope))) {
            throw MintFailure.refused("Entra gave a token with a scope that was not asked for");
        }
        return new MintedCredential(
                issued.token(), "Bearer", IssuedTokenType.ACCESS_TOKEN, expiresAt, false);
    }
}
