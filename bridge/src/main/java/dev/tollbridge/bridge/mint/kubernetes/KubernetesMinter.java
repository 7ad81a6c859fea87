package dev.tollbridge.bridge.mint.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tollbridge.bridge.claims.PooledJson;
import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import io.fabric8.kubernetes.api.model.authentication.BoundObjectReference;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Asks an API server for a service account's token (Kubernetes API reference,
/// `authentication.k8s.io/v1` TokenRequest), bound to a pod or to a Secret of its own where the
/// target says so.
///
/// A target without audiences is for the API server itself: its credential is an `ExecCredential`
/// (client.authentication.k8s.io/v1), which kubectl reads. With audiences it is the token.
public final class KubernetesMinter implements RevocableMinter {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /// An API server stretches tokens of exactly this life, made for its own audience, to a year
    /// (`WarnOnlyBoundTokenExpirationPeriod` in k8s.io/kubernetes/pkg/serviceaccount).
    private static final long STRETCHED = 3_607;

    private final ClusterClients clusters;
    private final Predicate<String> trustedAudience;
    private final BoundSecrets secrets;

    /// @param trustedAudience whether some trusted issuer's tokens have this audience
    public KubernetesMinter(
            ClusterClients clusters, Predicate<String> trustedAudience, InstantSource clock) {
        this.clusters = clusters;
        this.trustedAudience = trustedAudience;
        this.secrets = new BoundSecrets(this::client, clock);
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public boolean revocable(Target target) {
        return settings(target).bindTo() == BindTo.SECRET;
    }

    /// The client's library takes seconds to load: meanwhile, and not when the first caller waits.
    @Override
    public void prepare(Target target) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        client(target);
                    } catch (RuntimeException notNow) {
                        // Asked again, and answered with the reason, when somebody wants a token.
                    }
                });
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        Target target = decision.target();
        Kubernetes settings = settings(target);
        return switch (settings.bindTo()) {
            case NONE -> minted(decision, null, null);
            case POD -> minted(decision, CallersPod.of(decision, settings), null);
            case SECRET -> boundToSecret(decision, issuance, settings);
        };
    }

    private MintedCredential boundToSecret(Decision decision, String issuance, Kubernetes settings)
            throws MintFailure {
        Target target = decision.target();
        BoundSecret secret =
                secrets.make(target, settings.namespace(), issuance, decision.expiresAt());
        try {
            return minted(
                    decision,
                    new BoundObjectReference("v1", "Secret", secret.name(), secret.uid()),
                    secret);
        } catch (MintFailure failure) {
            // Without its object no token counts, whether there is one or not.
            boolean gone = secrets.discard(target, secret);
            throw gone && !failure.certain()
                    ? new MintFailure(
                            failure.reason(), failure.detail(), true, failure.retryAfter())
                    : failure;
        } catch (RuntimeException unexpected) {
            secrets.discard(target, secret);
            throw unexpected;
        }
    }

    private MintedCredential minted(
            Decision decision, @Nullable BoundObjectReference bound, @Nullable BoundSecret secret)
            throws MintFailure {
        Target target = decision.target();
        Kubernetes settings = settings(target);
        TokenRequestStatus status = ask(target, settings, request(decision, settings, bound));
        String token = status.getToken();
        Instant expires = expires(status);
        MintedToken read = MintedToken.read(token);
        if (read == null || expires == null) {
            throw MintFailure.unavailable(
                    "the API server answered TokenRequest without a token and its end",
                    false,
                    RETRY_AFTER);
        }
        String wrong = read.wrong(settings, trustedAudience);
        if (wrong != null) {
            throw MintFailure.refused(wrong);
        }
        if (secret != null) {
            secrets.deleteAfter(target, secret, expires);
        }
        boolean forApiServer = settings.audiences().isEmpty();
        return new MintedCredential(
                forApiServer ? execCredential(token, expires) : Secret.of(token),
                forApiServer ? IssuedTokenType.NOT_APPLICABLE : "Bearer",
                forApiServer
                        ? IssuedTokenType.KUBERNETES_EXEC_CREDENTIAL
                        : IssuedTokenType.ACCESS_TOKEN,
                expires,
                secret != null,
                secret == null ? null : Secret.of(secret.written()),
                knownAs(read, secret));
    }

    private static TokenRequest request(
            Decision decision, Kubernetes settings, @Nullable BoundObjectReference bound) {
        long seconds = decision.ttl().toSeconds();
        return new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(settings.audiences())
                .withExpirationSeconds(seconds == STRETCHED ? seconds - 1 : seconds)
                .withBoundObjectRef(bound)
                .endSpec()
                .build();
    }

    private TokenRequestStatus ask(Target target, Kubernetes settings, TokenRequest request)
            throws MintFailure {
        TokenRequest answer;
        try {
            answer =
                    client(target)
                            .serviceAccounts()
                            .inNamespace(settings.namespace())
                            .withName(settings.serviceAccount())
                            .tokenRequest(request);
        } catch (RuntimeException e) {
            throw ApiAnswers.failure(
                    e,
                    "create serviceaccounts/token of "
                            + settings.namespace()
                            + "/"
                            + settings.serviceAccount(),
                    target.name());
        }
        if (answer == null || answer.getStatus() == null) {
            throw MintFailure.unavailable(
                    "the API server answered TokenRequest without a status", false, RETRY_AFTER);
        }
        return answer.getStatus();
    }

    /// Whole seconds, rounded down.
    private static @Nullable Instant expires(TokenRequestStatus status) {
        String text = status.getExpirationTimestamp();
        try {
            return text == null
                    ? null
                    : Instant.ofEpochSecond(OffsetDateTime.parse(text).toEpochSecond());
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Secret execCredential(String token, Instant expires) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("expirationTimestamp", expires.toString());
        status.put("token", token);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "client.authentication.k8s.io/v1");
        tree.put("kind", "ExecCredential");
        tree.put("status", status);
        try {
            return Secret.of(PooledJson.MAPPER.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written");
        }
    }

    private static @Nullable String knownAs(MintedToken token, @Nullable BoundSecret secret) {
        String id = token.id() == null ? null : "credential id JTI=" + token.id();
        if (secret == null) {
            return id;
        }
        return id == null ? secret.written() : id + ", " + secret.written();
    }

    @Override
    public @Nullable Secret endedBy(String knownAs) {
        BoundSecret secret = BoundSecret.read(knownAs);
        return secret == null ? null : Secret.of(secret.written());
    }

    /// Deletes the Secret that was made for this issuance, and nothing else (DESIGN 14, rule 8).
    @Override
    public boolean revoke(Target target, String issuance, @Nullable Secret endedBy)
            throws MintFailure {
        BoundSecret secret = endedBy == null ? null : BoundSecret.read(endedBy.reveal());
        if (secret == null || !secret.name().equals(BoundSecret.nameFor(issuance))) {
            return false;
        }
        secrets.delete(target, secret);
        return true;
    }

    /// A credential of an earlier process, whose Secret is still to be deleted when it has ended.
    ///
    /// @param knownAs as recorded
    public void remember(Target target, String issuance, String knownAs, Instant ends) {
        BoundSecret secret = BoundSecret.read(knownAs);
        if (secret != null && secret.name().equals(BoundSecret.nameFor(issuance))) {
            secrets.deleteAfter(target, secret, ends);
        }
    }

    /// Deletes Secrets whose tokens have ended: some at a time. Blocks; called now and then.
    public void tidy() {
        secrets.tidy();
    }

    private KubernetesClient client(Target target) {
        return clusters.client(settings(target).kubeconfig(), target.directory());
    }

    private static Kubernetes settings(Target target) {
        if (target.settings() instanceof Kubernetes kubernetes) {
            return kubernetes;
        }
        throw new IllegalArgumentException(target.name() + " is not of kind kubernetes");
    }
}
