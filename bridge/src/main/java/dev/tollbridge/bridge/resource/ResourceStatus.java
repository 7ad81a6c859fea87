package dev.tollbridge.bridge.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.cluster.Turn;
import dev.tollbridge.bridge.config.Kind;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into resources what became of them, where that is not what they say already, and tells of
/// refusals by events.
public final class ResourceStatus implements AutoCloseable {

    /// What the status of one resource is to be.
    ///
    /// @param extra further fields, such as a target's kind
    public record Wanted(
            Kind kind, String name, List<Condition> conditions, Map<String, String> extra) {}

    /// Of one turn. What is left is written in the next.
    private static final int MOST_WRITES = 50;

    /// Events of what is in no namespace are here.
    private static final String EVENTS = "default";

    private static final Logger LOG = LoggerFactory.getLogger(ResourceStatus.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final ClusterDocuments documents;
    private final InstantSource clock;
    private final Turn turn;

    ResourceStatus(
            KubernetesClient client,
            String namespace,
            ClusterDocuments documents,
            InstantSource clock) {
        this.client = client;
        this.documents = documents;
        this.clock = clock;
        this.turn = new Turn(client, namespace, "tollbridge-status");
    }

    /// Whether it is this replica that writes.
    public boolean isOurs() {
        return turn.isOurs();
    }

    @Override
    public void close() {
        turn.close();
    }

    /// Blocks. What cannot be written now is tried again in the next turn: nothing is remembered.
    public void write(List<Wanted> all) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        all.forEach(one -> wanted.put(ResourceApi.place(one.kind(), one.name()), one));
        int writes = 0;
        for (Kind kind : documents.kinds()) {
            for (GenericKubernetesResource resource : documents.resources(kind)) {
                Wanted one = wanted.get(ResourceApi.place(kind, resource.getMetadata().getName()));
                if (one == null || resource.isMarkedForDeletion() || says(resource, one)) {
                    continue;
                }
                if (++writes > MOST_WRITES) {
                    return;
                }
                try {
                    write(resource, one);
                } catch (RuntimeException e) {
                    LOG.warn(
                            "the status of {} {} cannot be written: {}",
                            kind.written(),
                            one.name(),
                            ClusterDocuments.reason(e));
                    return;
                }
            }
        }
    }

    private static boolean says(GenericKubernetesResource resource, Wanted wanted) {
        JsonNode status = status(resource);
        if (status.path("observedGeneration").asLong(-1) != resource.getMetadata().getGeneration()
                || status.path("conditions").size() != wanted.conditions().size()) {
            return false;
        }
        for (Map.Entry<String, String> field : wanted.extra().entrySet()) {
            if (!status.path(field.getKey()).asText().equals(field.getValue())) {
                return false;
            }
        }
        for (Condition condition : wanted.conditions()) {
            JsonNode said = said(status, condition.type());
            if (said == null
                    || !said.path("status").asText().equals(word(condition))
                    || !said.path("reason").asText().equals(condition.reason())
                    || !said.path("message").asText().equals(condition.message())) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode status(GenericKubernetesResource resource) {
        return JSON.valueToTree(
                resource.getAdditionalProperties().getOrDefault("status", Map.of()));
    }

    private static @Nullable JsonNode said(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    private static String word(Condition condition) {
        return condition.holds() ? "True" : "False";
    }

    private void write(GenericKubernetesResource resource, Wanted wanted) {
        JsonNode before = status(resource);
        List<Map<String, Object>> conditions = new ArrayList<>();
        for (Condition condition : wanted.conditions()) {
            JsonNode said = said(before, condition.type());
            boolean stays = said != null && said.path("status").asText().equals(word(condition));
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("type", condition.type());
            tree.put("status", word(condition));
            tree.put("observedGeneration", resource.getMetadata().getGeneration());
            tree.put(
                    "lastTransitionTime",
                    said != null && stays ? said.path("lastTransitionTime").asText() : now());
            tree.put("reason", condition.reason());
            tree.put("message", condition.message());
            conditions.add(tree);
        }
        Map<String, Object> status = new LinkedHashMap<>(wanted.extra());
        status.put("observedGeneration", resource.getMetadata().getGeneration());
        status.put("conditions", conditions);
        client.genericKubernetesResources(ResourceApi.of(wanted.kind()))
                .withName(wanted.name())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), json(Map.of("status", status)));
        tell(resource, wanted, before);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String json(Map<String, ?> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }

    /// One event when it is refused, for another reason too, and one when it is accepted after
    /// that.
    private void tell(GenericKubernetesResource resource, Wanted wanted, JsonNode before) {
        for (Condition condition : wanted.conditions()) {
            if (!condition.type().equals("Accepted")) {
                continue;
            }
            JsonNode said = said(before, condition.type());
            boolean refusedBefore = said != null && said.path("status").asText().equals("False");
            boolean news =
                    condition.holds()
                            ? refusedBefore
                            : said == null
                                    || !refusedBefore
                                    || !Objects.equals(
                                            said.path("message").asText(), condition.message());
            if (news) {
                tell(resource, wanted, condition);
            }
        }
    }

    private void tell(GenericKubernetesResource resource, Wanted wanted, Condition condition) {
        String time = now();
        Event event =
                new EventBuilder()
                        .withNewMetadata()
                        .withGenerateName(wanted.name() + ".")
                        .withNamespace(EVENTS)
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion(resource.getApiVersion())
                        .withKind(wanted.kind().written())
                        .withName(wanted.name())
                        .withUid(resource.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType(condition.holds() ? "Normal" : "Warning")
                        .withReason(condition.reason())
                        // Longer ones are refused by the API server.
                        .withMessage(
                                condition
                                        .message()
                                        .substring(0, Math.min(1000, condition.message().length())))
                        .withFirstTimestamp(time)
                        .withLastTimestamp(time)
                        .withCount(1)
                        .withNewSource()
                        .withComponent("tollbridge")
                        .endSource()
                        .build();
        try {
            client.v1().events().inNamespace(EVENTS).resource(event).create();
        } catch (RuntimeException e) {
            LOG.debug("an event could not be written: {}", ClusterDocuments.reason(e));
        }
    }
}
