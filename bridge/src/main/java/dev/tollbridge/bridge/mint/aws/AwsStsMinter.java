package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.aws.Sts.KeyNotKnown;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.target.Target;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Mints sessions of AWS roles: shows STS a token of the federation issuer that names this target,
/// and gets keys that live as long as was decided.
///
/// They cannot be ended early: AWS offers nothing for that but a policy on the role
/// (docs/targets/aws.md).
public final class AwsStsMinter implements CredentialMinter {

    /// What the IAM identity provider is told to expect, and what no `jwt` target may use.
    public static final String AUDIENCE = "sts.amazonaws.com";

    private static final SigningAlgorithm ALGORITHM = SigningAlgorithm.ES256;

    /// More than any configuration holds: what is no longer there stays until this many have come
    /// together, and then all are worked out anew.
    private static final int MOST_FORMS = 10_000;

    private static final int MOST_KEYS = 100;

    private final FederationTokens federation;
    private final LazySts sts;
    private final Map<Aws, SessionForm> forms = new ConcurrentHashMap<>();

    /// Headers of tokens that AWS has taken; each stands for one signing key.
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    /// @param endpoints which STS endpoints besides AWS's own a target may name
    public AwsStsMinter(FederationTokens federation, Fetcher fetcher, AllowedEndpoints endpoints) {
        this.federation = federation;
        this.sts = new LazySts(fetcher, endpoints);
    }

    @Override
    public String kind() {
        return "aws";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    /// A key is published before AWS is shown a token of it, and the SDK is loaded before the
    /// bridge is ready, not by the first caller, whom it would cost most of the two seconds an SDK
    /// waits.
    @Override
    public void prepare(Target target) {
        federation.prepare(ALGORITHM);
        sts.warmUp();
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        if (!(decision.target().settings() instanceof Aws aws)) {
            throw new IllegalArgumentException(
                    "target " + decision.target().name() + " is not of kind aws");
        }
        Map<String, Object> claims = form(aws).claims(decision.identity().token().claims());
        RoleSession session;
        try {
            session = assumeRole(aws, decision, issuance, claims, true);
        } catch (KeyNotKnown e) {
            throw StsRefusals.keyNotKnown(federation.issuer(), decision.target());
        }
        return new MintedCredential(
                AwsCredentialsJson.of(session),
                IssuedTokenType.NOT_APPLICABLE,
                IssuedTokenType.AWS_CREDENTIALS,
                session.expiresAt(),
                false,
                null,
                // CloudTrail has it beside everything done with the keys.
                session.accessKeyId());
    }

    /// Asks again once, when AWS knows no key for a token whose key it has never taken: right after
    /// a rotation it may not have fetched the new one yet. Nothing came of the first request.
    private RoleSession assumeRole(
            Aws aws,
            Decision decision,
            String issuance,
            Map<String, Object> claims,
            boolean onceMore)
            throws MintFailure, KeyNotKnown {
        Secret token = federation.tokenFor(decision, issuance, AUDIENCE, ALGORITHM, claims);
        String key = header(token);
        RoleSession session;
        try {
            // The issuance's id is the session's name: unique, and what CloudTrail shows is what
            // the bridge's record is looked up by.
            session = sts.assumeRole(new RoleRequest(aws, issuance, token, decision.ttl()));
        } catch (KeyNotKnown e) {
            if (onceMore && !taken.contains(key)) {
                return assumeRole(aws, decision, issuance, claims, false);
            }
            throw e;
        }
        if (taken.size() >= MOST_KEYS) {
            taken.clear();
        }
        taken.add(key);
        return session;
    }

    /// Algorithm, type and key id: no secret, and the same for every token of one key.
    private static String header(Secret token) {
        String text = token.reveal();
        return text.substring(0, text.indexOf('.'));
    }

    private SessionForm form(Aws aws) {
        if (forms.size() >= MOST_FORMS) {
            forms.clear();
        }
        return forms.computeIfAbsent(aws, SessionForm::new);
    }
}
