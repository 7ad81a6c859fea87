package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.target.Target;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Gets a Google access token: what the bridge signs is exchanged for a federated token, that for
/// the service account's where the target names one, and that for one within the target's access
/// boundary.
///
/// Google ends none of them early. Their form is opaque, so the issuance's id travels in the `jti`
/// of the federation token, which Google's audit log does not show.
public final class GoogleMinter implements CredentialMinter {

    /// What a federated token needs to ask IAM Credentials for a service account's; it does not
    /// leave the bridge.
    private static final List<String> TO_IMPERSONATE =
            List.of("https://www.googleapis.com/auth/cloud-platform");

    private final FederationTokens federation;
    private final Fetcher fetcher;
    private final AllowedEndpoints endpoints;
    private final InstantSource clock;
    private final SecurityTokenService sts;

    public GoogleMinter(
            FederationTokens federation,
            Fetcher fetcher,
            AllowedEndpoints endpoints,
            InstantSource clock) {
        this.federation = federation;
        this.fetcher = fetcher;
        this.endpoints = endpoints;
        this.clock = clock;
        this.sts = new SecurityTokenService(clock);
    }

    /// The audience by which a workload identity pool provider knows what is for it, unless it was
    /// told another: its own name as a URL (IAM API, `Oidc.allowedAudiences`).
    ///
    /// @param provider as a target names it
    public static String audience(String provider) {
        return "https:" + provider;
    }

    @Override
    public String kind() {
        return "google";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public void prepare(Target target) {
        federation.prepare(SigningAlgorithm.ES256);
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        Google google = (Google) decision.target().settings();
        if (decision.scope().isEmpty()) {
            throw new MintFailure(
                    RefusalReason.SCOPE_REFUSED,
                    "neither grant nor target names a scope, and Google gives no token without",
                    true,
                    null);
        }
        GoogleEndpoints asked = GoogleEndpoints.of(google, endpoints);
        Secret proof =
                federation.tokenFor(
                        decision,
                        issuance,
                        audience(google.audience()),
                        SigningAlgorithm.ES256,
                        Map.of());
        GoogleToken token =
                google.serviceAccount() == null
                        ? federated(asked, proof, google, decision)
                        : impersonated(asked, proof, google, google.serviceAccount(), decision);
        if (google.boundary() != null) {
            token =
                    sts.bounded(
                            endpoint(asked, Step.BOUNDARY),
                            token,
                            google.boundary(),
                            decision.scope());
        }
        if (token.expiresAt() == null) {
            throw MintFailure.refused("Google did not say when its token ends");
        }
        return new MintedCredential(
                token.value(), "Bearer", IssuedTokenType.ACCESS_TOKEN, token.expiresAt(), false);
    }

    private GoogleToken federated(
            GoogleEndpoints asked, Secret proof, Google google, Decision decision)
            throws MintFailure {
        Step step = Step.federation(true);
        return sts.federated(
                endpoint(asked, step), step, proof, google.audience(), decision.scope());
    }

    private GoogleToken impersonated(
            GoogleEndpoints asked,
            Secret proof,
            Google google,
            String serviceAccount,
            Decision decision)
            throws MintFailure {
        Step step = Step.federation(false);
        GoogleToken federated =
                sts.federated(
                        endpoint(asked, step), step, proof, google.audience(), TO_IMPERSONATE);
        return IamCredentials.impersonated(
                new OneEndpoint(
                        fetcher,
                        asked.generateAccessToken(serviceAccount),
                        asked.iam().rules(),
                        Step.IMPERSONATION,
                        clock),
                federated,
                serviceAccount,
                decision.scope(),
                decision.ttl());
    }

    private OneEndpoint endpoint(GoogleEndpoints asked, Step step) {
        return new OneEndpoint(fetcher, asked.token(), asked.sts().rules(), step, clock);
    }
}
