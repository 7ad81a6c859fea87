package dev.tollbridge.bridge.cluster;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.OperatorCheck;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.secret.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Operators whom a cluster knows: TokenReview says who it is, SubjectAccessReview whether they may
/// (DESIGN 14, rule 7).
///
/// The token has to be for the bridge's operators, an audience of its own: what a pod shows to be
/// issued something opens nothing here, and what opens the admin API is no subject token. What the
/// bridge has signed is refused before anybody is asked.
///
/// Answers, also negative ones, are remembered by a hash of the token for some seconds, so that a
/// deleted account or a changed role takes effect after at most {@link #REMEMBERED} for each of the
/// two. Questions in flight are bounded: a flood of made-up tokens takes nobody's threads, and
/// costs the API server no more than {@link #AT_ONCE} questions at a time.
public final class KubernetesOperators implements OperatorCheck {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesOperators.class);

    /// How long an answer is believed.
    static final Duration REMEMBERED = Duration.ofSeconds(5);

    /// Questions to the API server at once; whoever comes then waits a moment, and is told to come
    /// again.
    static final int AT_ONCE = 8;

    private static final Duration TURN = Duration.ofMillis(500);

    /// For both questions together. Less than any caller waits.
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int TOKENS = 1024;
    private static final int ANSWERS = 4096;

    private record Question(String token, Operation operation) {}

    private final KubernetesClient client;
    private final OperatorBearer bearers;
    private final String audience;
    private final LongSupplier nanos;
    private final Executor threads;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final AsyncCache<String, Optional<ReviewedUser>> users;
    private final AsyncCache<Question, Boolean> answers;
    private volatile boolean away;

    /// @param client whose own identity may create TokenReviews and SubjectAccessReviews
    /// @param externalUrl the bridge's own issuer name
    /// @param nanos as `System.nanoTime`
    /// @param threads where blocking is allowed
    public KubernetesOperators(
            KubernetesClient client, String externalUrl, LongSupplier nanos, Executor threads) {
        this(client, externalUrl, audience(externalUrl), nanos, threads);
    }

    KubernetesOperators(
            KubernetesClient client,
            String externalUrl,
            String audience,
            LongSupplier nanos,
            Executor threads) {
        this.client = client;
        this.bearers = new OperatorBearer(externalUrl);
        this.audience = audience;
        this.nanos = nanos;
        this.threads = threads;
        this.users = remembering(TOKENS).buildAsync();
        this.answers = remembering(ANSWERS).buildAsync();
    }

    /// The operators of the cluster that `serve --operators` names.
    ///
    /// @throws IllegalArgumentException in words for the operator, when the kubeconfig cannot be
    ///   read
    public static KubernetesOperators of(
            ClusterClients clients,
            TokenReviewSource cluster,
            String externalUrl,
            LongSupplier nanos,
            Executor threads) {
        KubernetesClient client;
        try {
            client = clients.client(cluster, null);
        } catch (RuntimeException e) {
            // Its message may quote the file, which holds credentials.
            throw new IllegalArgumentException(
                    "--operators: the kubeconfig cannot be used: " + e.getClass().getSimpleName(),
                    e);
        }
        return new KubernetesOperators(client, externalUrl, nanos, threads);
    }

    /// The audience of operators' tokens. Below the external URL, which no target may have as its
    /// audience, so that nothing the bridge mints can carry it; and no trusted issuer either
    /// (`audience-operators`).
    public static String audience(String externalUrl) {
        return externalUrl + "/operators";
    }

    private Caffeine<Object, Object> remembering(int entries) {
        return Caffeine.newBuilder()
                .maximumSize(entries)
                .expireAfterWrite(REMEMBERED)
                .ticker(nanos::getAsLong);
    }

    @Override
    public OperatorVerdict judge(Secret bearer, Operation operation) {
        String token = bearers.hashIfWorthAsking(bearer);
        if (token == null) {
            return new OperatorVerdict.Nobody();
        }
        long until = nanos.getAsLong() + DEADLINE.toNanos();
        try {
            Optional<ReviewedUser> user =
                    await(
                            users.get(
                                    token,
                                    (_, _) ->
                                            inTurn(() ->
                                                    ReviewedUser.of(client, bearer, audience))),
                            until);
            if (user.isEmpty()) {
                return new OperatorVerdict.Nobody();
            }
            boolean may =
                    await(
                            answers.get(
                                    new Question(token, operation),
                                    (_, _) -> inTurn(() -> user.get().may(client, operation))),
                            until);
            back();
            String name = user.get().recorded();
            return may ? new OperatorVerdict.Admitted(name) : new OperatorVerdict.NotAllowed(name);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return unavailable(
                    cause instanceof TokenReviews.Failed failed
                            ? String.valueOf(failed.getMessage())
                            : String.valueOf(cause == null ? e : cause.getClass()));
        } catch (TimeoutException e) {
            return unavailable("no answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("interrupted");
        }
    }

    private <T> T await(CompletableFuture<T> answer, long until)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(Math.max(0, until - nanos.getAsLong()), TimeUnit.NANOSECONDS);
    }

    /// One question for all who ask the same at once. A failure is not remembered.
    private <T> CompletableFuture<T> inTurn(Supplier<T> question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (!turn()) {
                        throw new TokenReviews.Failed("too many questions at once");
                    }
                    try {
                        return question.get();
                    } finally {
                        turns.release();
                    }
                },
                threads);
    }

    private boolean turn() {
        try {
            return turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Said once, not for every caller who comes meanwhile.
    private OperatorVerdict unavailable(String why) {
        if (!away) {
            away = true;
            LOG.warn("operators cannot be asked for: {}", why);
        }
        return new OperatorVerdict.Unavailable(RETRY_AFTER);
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("operators can be asked for again");
        }
    }
}
