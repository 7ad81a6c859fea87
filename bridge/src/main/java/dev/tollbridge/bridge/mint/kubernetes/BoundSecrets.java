package dev.tollbridge.bridge.mint.kubernetes;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.target.Target;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The empty Secrets that tokens are bound to: made, and deleted when a token is to end or has
/// ended.
///
/// The bridge may neither read nor list Secrets, because whoever may do that has all of them. So it
/// deletes by what it remembers, always with the uid: what somebody else put under the name stays.
/// Several replicas may try to delete the same one; whoever is second finds it gone.
final class BoundSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(BoundSecrets.class);

    private static final String TYPE = "tollbridge.dev/bound-token";

    /// After a token's end, so that clocks that differ do not make it end early.
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration GIVE_UP = Duration.ofDays(1);
    private static final int AT_ONCE = 100;
    private static final int MOST = 100_000;

    private final Function<Target, KubernetesClient> clients;
    private final InstantSource clock;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));

    /// @param giveUp when trying makes no sense any more
    private record Due(Target target, BoundSecret secret, Instant at, Instant giveUp) {}

    BoundSecrets(Function<Target, KubernetesClient> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    BoundSecret make(Target target, String namespace, String issuance, Instant ends)
            throws MintFailure {
        String name = BoundSecret.nameFor(issuance);
        Secret made;
        try {
            made =
                    clients.apply(target)
                            .secrets()
                            .inNamespace(namespace)
                            .resource(
                                    new SecretBuilder()
                                            .withNewMetadata()
                                            .withName(name)
                                            .withNamespace(namespace)
                                            .addToLabels(
                                                    "app.kubernetes.io/managed-by", "tollbridge")
                                            .addToLabels("tollbridge.dev/issuance", issuance)
                                            .addToAnnotations(
                                                    "tollbridge.dev/target", target.name())
                                            .addToAnnotations(
                                                    "tollbridge.dev/expires", ends.toString())
                                            .endMetadata()
                                            .withType(TYPE)
                                            .withImmutable(true)
                                            .build())
                            .create();
        } catch (RuntimeException e) {
            MintFailure failure =
                    ApiAnswers.failure(e, "create secrets in " + namespace, target.name());
            // No token has been asked for yet, whatever became of the Secret.
            throw failure.certain()
                    ? failure
                    : new MintFailure(
                            failure.reason(), failure.detail(), true, failure.retryAfter());
        }
        String uid =
                made == null || made.getMetadata() == null ? null : made.getMetadata().getUid();
        if (uid == null || uid.isEmpty()) {
            throw MintFailure.unavailable(
                    "the API server answered without the Secret's uid", true, AGAIN);
        }
        return new BoundSecret(namespace, name, uid);
    }

    /// @throws MintFailure when it may still be there
    void delete(Target target, BoundSecret secret) throws MintFailure {
        DeleteOptions only =
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withKind("DeleteOptions")
                        .withNewPreconditions()
                        .withUid(secret.uid())
                        .endPreconditions()
                        .build();
        try {
            clients.apply(target)
                    .raw(
                            "/api/v1/namespaces/"
                                    + secret.namespace()
                                    + "/secrets/"
                                    + secret.name(),
                            "DELETE",
                            only);
        } catch (KubernetesClientException e) {
            // Gone, or another object has its name: ours is gone either way.
            if (e.getCode() != 404 && e.getCode() != 409) {
                throw ApiAnswers.failure(
                        e, "delete secrets in " + secret.namespace(), target.name());
            }
        } catch (RuntimeException e) {
            throw ApiAnswers.failure(e, "delete secrets in " + secret.namespace(), target.name());
        }
    }

    /// Deletes now what will not be used; what does not work is tried again later.
    ///
    /// @return whether it is gone
    boolean discard(Target target, BoundSecret secret) {
        try {
            delete(target, secret);
            return true;
        } catch (MintFailure failure) {
            deleteAfter(target, secret, clock.instant());
            return false;
        }
    }

    void deleteAfter(Target target, BoundSecret secret, Instant ends) {
        Instant at = ends.plus(GRACE);
        add(new Due(target, secret, at, at.plus(GIVE_UP)));
    }

    private void add(Due one) {
        synchronized (due) {
            if (due.size() < MOST) {
                due.add(one);
                return;
            }
        }
        LOG.warn("{} will not be deleted: too many are waiting", one.secret().written());
    }

    void tidy() {
        for (Due one : takeDue()) {
            try {
                delete(one.target(), one.secret());
            } catch (MintFailure failure) {
                Instant now = clock.instant();
                if (now.isBefore(one.giveUp())) {
                    add(new Due(one.target(), one.secret(), now.plus(AGAIN), one.giveUp()));
                } else {
                    LOG.warn("{} is left behind: {}", one.secret().written(), failure.detail());
                }
            }
        }
    }

    private List<Due> takeDue() {
        Instant now = clock.instant();
        List<Due> taken = new ArrayList<>();
        synchronized (due) {
            while (taken.size() < AT_ONCE && !due.isEmpty() && !due.peek().at().isAfter(now)) {
                taken.add(due.remove());
            }
        }
        return taken;
    }
}
