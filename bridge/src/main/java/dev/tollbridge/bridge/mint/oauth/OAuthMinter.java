package dev.tollbridge.bridge.mint.oauth;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.GivenToNobody;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.mint.provider.Form;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.mint.provider.TokenEndpoint;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.target.OAuthTerms;
import dev.tollbridge.bridge.target.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Asks another authorization server for a token, and shows it a federation token: as subject token
/// of an exchange (RFC 8693 section 2.1), as authorization grant (RFC 7523 section 2.1), or in a
/// form of the service's own. What comes is checked against what was asked for, and ended where the
/// server can be told (RFC 7009).
public final class OAuthMinter implements RevocableMinter {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    private static final String ASSERTION_TYPE =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final FederationTokens federation;
    private final Fetcher fetcher;
    private final AllowedEndpoints endpoints;
    private final InstantSource clock;
    private final TokenEndpoint tokens;

    private final RandomGenerator random;

    /// @param random tells one assertion from the next
    public OAuthMinter(
            FederationTokens federation,
            Fetcher fetcher,
            AllowedEndpoints endpoints,
            InstantSource clock,
            RandomGenerator random) {
        this.federation = federation;
        this.fetcher = fetcher;
        this.endpoints = endpoints;
        this.clock = clock;
        this.random = random;
        this.tokens = new TokenEndpoint(fetcher, clock, OAuthErrors::said);
    }

    @Override
    public String kind() {
        return "oauth";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public boolean revocable(Target target) {
        return terms(target).revocationEndpoint() != null;
    }

    @Override
    public void prepare(Target target) {
        federation.prepare(algorithm(terms(target)));
    }

    private static OAuthTerms terms(Target target) {
        return OAuthTerms.of((OAuth) target.settings());
    }

    private static SigningAlgorithm algorithm(OAuthTerms terms) {
        return SigningAlgorithm.named(terms.algorithm()).orElseThrow();
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        OAuthTerms terms = terms(decision.target());
        Endpoint endpoint = endpoint(terms);
        Instant asked = clock.instant();
        TokenEndpoint.Issued issued =
                tokens.ask(form(terms, decision, issuance).to(endpoint.uri(), endpoint.rules()));
        String unfit = unfit(issued, terms, decision.scope());
        Instant expiresAt = expiry(issued, terms, asked);
        if (unfit != null || expiresAt == null) {
            GivenToNobody.end(issuance, () -> end(terms, issuance, issued.token()));
            throw MintFailure.refused(
                    unfit == null ? "the server does not say when its token ends" : unfit);
        }
        boolean revocable = terms.revocationEndpoint() != null;
        return new MintedCredential(
                issued.token(),
                "Bearer",
                IssuedTokenType.ACCESS_TOKEN,
                expiresAt,
                revocable,
                revocable ? issued.token() : null);
    }

    private Endpoint endpoint(OAuthTerms terms) throws MintFailure {
        try {
            return terms.builtIn() == null
                    ? endpoints.named(terms.endpoint())
                    : endpoints.choose(terms.builtIn(), terms.written());
        } catch (FetchFailure refused) {
            throw ProviderAnswers.unanswered(refused);
        }
    }

    private Form form(OAuthTerms terms, Decision decision, String issuance) throws MintFailure {
        Secret proof =
                federation.tokenFor(
                        decision, issuance, terms.assertionAudience(), algorithm(terms), Map.of());
        Form form = new Form();
        switch (terms.request()) {
            case TOKEN_EXCHANGE -> {
                form.add("grant_type", GRANT + "token-exchange")
                        .add("subject_token", proof)
                        .add("subject_token_type", terms.subjectTokenType());
                if (terms.requestedTokenType() != null) {
                    form.add("requested_token_type", terms.requestedTokenType());
                }
            }
            case JWT_BEARER -> form.add("grant_type", GRANT + "jwt-bearer").add("assertion", proof);
            case ASSERTION -> form.add(String.valueOf(terms.assertionParameter()), proof);
        }
        if (terms.audience() != null) {
            form.add("audience", terms.audience());
        }
        if (!decision.scope().isEmpty()) {
            form.add("scope", String.join(" ", decision.scope()));
        }
        if (terms.lifetimeParameter() != null) {
            form.add(terms.lifetimeParameter(), Long.toString(decision.ttl().toSeconds()));
        }
        terms.parameters().forEach(form::add);
        return authenticated(form, terms, issuance);
    }

    private Form authenticated(Form form, OAuthTerms terms, String issuance) throws MintFailure {
        String client = terms.clientId();
        if (client == null) {
            return form;
        }
        form.add("client_id", client);
        if (terms.authenticated()) {
            form.add("client_assertion_type", ASSERTION_TYPE)
                    .add(
                            "client_assertion",
                            federation.clientAssertion(
                                    client,
                                    terms.assertionAudience(),
                                    algorithm(terms),
                                    // A server may take each once, and one issuance needs
                                    // several: to mint, to try again, to revoke.
                                    issuance + "." + Long.toHexString(random.nextLong())));
        }
        return form;
    }

    /// Why the token must not be passed on; null when it may, so far.
    private static @Nullable String unfit(
            TokenEndpoint.Issued issued, OAuthTerms terms, Set<String> asked) {
        if (!issued.bearer()) {
            return "the server gave a token that is no bearer token";
        }
        String type = issued.issuedType();
        if (type != null
                && !type.equals(IssuedTokenType.ACCESS_TOKEN)
                && !type.equals(JWT)
                && !type.equals(terms.requestedTokenType())) {
            // A refresh token, or one that says who somebody is, was not asked for.
            return "the server gave a token of another type than was asked for";
        }
        return issued.widerThan(asked)
                ? "the server gave a token with a scope that was not asked for"
                : null;
    }

    private static @Nullable Instant expiry(
            TokenEndpoint.Issued issued, OAuthTerms terms, Instant asked) {
        if (issued.expiresAt() != null || terms.tokenLifetime() == null) {
            return issued.expiresAt();
        }
        return Instant.ofEpochSecond(asked.plus(terms.tokenLifetime()).getEpochSecond());
    }

    @Override
    public boolean revoke(Target target, String issuance, @Nullable Secret endedBy)
            throws MintFailure {
        return endedBy != null && end(terms(target), issuance, endedBy);
    }

    /// RFC 7009 section 2: a server answers 200 also for a token that it does not know.
    private boolean end(OAuthTerms terms, String issuance, Secret token) throws MintFailure {
        if (terms.revocationEndpoint() == null) {
            return false;
        }
        Endpoint endpoint;
        try {
            endpoint = endpoints.named(terms.revocationEndpoint());
        } catch (FetchFailure refused) {
            throw ProviderAnswers.unanswered(refused);
        }
        Form form = new Form().add("token", token).add("token_type_hint", "access_token");
        FetchResponse response =
                ProviderAnswers.ask(
                        fetcher,
                        authenticated(form, terms, issuance).to(endpoint.uri(), endpoint.rules()));
        if (response.status() != 200) {
            throw ProviderAnswers.unwilling(response, null, false, clock.instant());
        }
        return true;
    }
}
