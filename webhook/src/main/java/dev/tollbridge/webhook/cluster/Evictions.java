package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evicts pods through the Eviction API, which asks their disruption budgets.
public final class Evictions {

    private static final Logger LOG = LoggerFactory.getLogger(Evictions.class);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;

    private final Cluster cluster;

    /// What came of it.
    public enum Result {
        EVICTED,
        /// A disruption budget says not now.
        HELD,
        /// It is not there any more, or is another of the same name.
        GONE,
        FAILED;

        public String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Evictions(Cluster cluster) {
        this.cluster = cluster;
    }

    /// @param pod as it was listed: exactly this one, by its uid
    public Result evict(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        String namespace = metadata.path("namespace").asText();
        String name = metadata.path("name").asText();
        ObjectNode eviction =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", "policy/v1")
                        .put("kind", "Eviction");
        eviction.putObject("metadata").put("name", name).put("namespace", namespace);
        eviction.putObject("deleteOptions")
                .putObject("preconditions")
                .put("uid", metadata.path("uid").asText());
        try {
            String answer =
                    cluster.client()
                            .raw(
                                    "/api/v1/namespaces/"
                                            + namespace
                                            + "/pods/"
                                            + name
                                            + "/eviction",
                                    "POST",
                                    eviction);
            return answer == null ? Result.GONE : Result.EVICTED;
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case TOO_MANY -> Result.HELD;
                case NOT_FOUND, CONFLICT -> Result.GONE;
                default -> {
                    LOG.warn(
                            "the pod {}/{} cannot be evicted: {}",
                            namespace,
                            name,
                            Cluster.reason(e));
                    yield Result.FAILED;
                }
            };
        }
    }
}
