package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events on objects, as `kubectl describe` shows them. The same words about the same object are
/// one event, whose time moves on.
public final class ObjectEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectEvents.class);
    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_NAME = 200;
    private static final String COMPONENT = "tollbridge-webhook";

    /// Of kinds that are not in the core group.
    private static final Map<String, String> VERSIONS =
            Map.of(
                    "Deployment", "apps/v1",
                    "ReplicaSet", "apps/v1",
                    "StatefulSet", "apps/v1",
                    "DaemonSet", "apps/v1",
                    "Job", "batch/v1",
                    "CronJob", "batch/v1");

    private final Cluster cluster;
    private volatile boolean told;

    public ObjectEvents(Cluster cluster) {
        this.cluster = cluster;
    }

    /// @param kind of an object of Kubernetes' own
    /// @param object as the API server lists it
    /// @param reason one word in camel case
    /// @param message without any value of the object
    public void warn(String kind, JsonNode object, String reason, String message, Instant now) {
        JsonNode metadata = object.path("metadata");
        warn(
                kind,
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                reason,
                message,
                now);
    }

    /// @param uid empty where the object may never be stored
    public void warn(
            String kind,
            String namespace,
            String name,
            String uid,
            String reason,
            String message,
            Instant now) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("namespace", namespace)
                .put("name", nameOf(name, uid + reason + message));
        event.putObject("involvedObject")
                .put("apiVersion", VERSIONS.getOrDefault(kind, "v1"))
                .put("kind", kind)
                .put("namespace", namespace)
                .put("name", name)
                .put("uid", uid);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        event.put("type", "Warning")
                .put("reason", reason)
                .put("message", message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                .put("firstTimestamp", time)
                .put("lastTimestamp", time)
                .put("count", 1)
                .put("reportingComponent", COMPONENT);
        event.putObject("source").put("component", COMPONENT);
        try {
            cluster.apply(event);
        } catch (KubernetesClientException e) {
            // An event is a courtesy; whoever watches has the list of findings too.
            if (!told) {
                told = true;
                LOG.warn("events cannot be written: {}", Cluster.reason(e));
            }
        }
    }

    private static String nameOf(String object, String what) {
        return object.substring(0, Math.min(object.length(), LONGEST_NAME))
                + "."
                + UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 18)
                        .replace("-", "");
    }
}
