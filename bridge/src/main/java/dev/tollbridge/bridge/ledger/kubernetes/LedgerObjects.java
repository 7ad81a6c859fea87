package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.cluster.ApiTrouble;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The ledger's objects at the API server: so many questions at once and no more, and every failure
/// as the refusal that a caller is told.
final class LedgerObjects {

    /// What the ledger keeps.
    enum Sort {
        ISSUANCE("Issuance"),
        TOKEN_USE("TokenUse"),
        JOB_SESSION("JobSession"),
        STATE("LedgerState");

        private final String kind;

        Sort(String kind) {
            this.kind = kind;
        }

        String kind() {
            return kind;
        }

        String plural() {
            return kind.toLowerCase(Locale.ROOT) + "s";
        }
    }

    static final String GROUP = "tollbridge.dev";
    static final String API_VERSION = GROUP + "/v1alpha1";

    private static final int AT_ONCE = 64;
    private static final Duration TURN_WITHIN = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    LedgerObjects(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    String namespace() {
        return namespace;
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            all(Sort sort) {
        MixedOperation<
                        GenericKubernetesResource,
                        GenericKubernetesResourceList,
                        Resource<GenericKubernetesResource>>
                everywhere =
                        client.genericKubernetesResources(
                                new ResourceDefinitionContext.Builder()
                                        .withGroup(GROUP)
                                        .withVersion("v1alpha1")
                                        .withKind(sort.kind())
                                        .withPlural(sort.plural())
                                        .withNamespaced(true)
                                        .build());
        return everywhere.inNamespace(namespace);
    }

    /// @return false: there is one of this name
    boolean create(Sort sort, GenericKubernetesResource object) {
        object.setApiVersion(API_VERSION);
        object.setKind(sort.kind());
        return ask(() -> {
            try {
                all(sort).resource(object).create();
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == CONFLICT) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Nullable GenericKubernetesResource get(Sort sort, String name) {
        // Not a question that may fill every turn: whoever reserves comes first.
        return ask(() -> all(sort).withName(name).get());
    }

    GenericKubernetesResourceList list(Sort sort, int limit, @Nullable String next) {
        return ask(() ->
                all(sort)
                        .list(
                                new ListOptionsBuilder()
                                        .withLimit((long) limit)
                                        .withContinue(next)
                                        .build()));
    }

    /// Those with a label.
    List<GenericKubernetesResource> labelled(Sort sort, String label, String value) {
        return ask(() -> all(sort).withLabel(label, value).list().getItems());
    }

    /// @return false: it is gone
    boolean merge(Sort sort, String name, String json) {
        return ask(() -> {
            try {
                all(sort).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    /// The same for a patch that names the `resourceVersion` that it was made of.
    ///
    /// @return as it is now; null: it has changed or gone since
    @Nullable GenericKubernetesResource mergeSeen(Sort sort, String name, String json) {
        return ask(() -> {
            try {
                return all(sort).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
            } catch (KubernetesClientException e) {
                if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
                    return null;
                }
                throw e;
            }
        });
    }

    /// Puts an object in the place of exactly the one that was seen.
    ///
    /// @return false: it has changed or gone since
    boolean replace(Sort sort, GenericKubernetesResource object) {
        object.setApiVersion(API_VERSION);
        object.setKind(sort.kind());
        return ask(() -> {
            try {
                all(sort).resource(object).update();
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    void delete(Sort sort, String name) {
        ask(() -> all(sort).withName(name).delete());
    }

    /// All that have one of these values, in one request.
    void deleteAll(Sort sort, String label, Iterable<String> values) {
        String selector = label + "%20in%20(" + String.join(",", values) + ")";
        ask(() ->
                client.raw(
                        "/apis/"
                                + API_VERSION
                                + "/namespaces/"
                                + namespace
                                + "/"
                                + sort.plural()
                                + "?labelSelector="
                                + selector,
                        "DELETE",
                        Map.of()));
    }

    private <T extends @Nullable Object> T ask(Supplier<T> question) {
        try {
            if (!turns.tryAcquire(TURN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refusal(
                        RefusalReason.OVERLOADED,
                        "the API server is asked " + AT_ONCE + " questions at once already",
                        RETRY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(RefusalReason.LEDGER_UNAVAILABLE, "interrupted", RETRY);
        }
        try {
            return question.get();
        } catch (KubernetesClientException e) {
            throw new Refusal(RefusalReason.LEDGER_UNAVAILABLE, ApiTrouble.reason(e), RETRY);
        } finally {
            turns.release();
        }
    }
}
