package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the settings that are kept as custom resources: `AdmissionSettings`, `Exemption`, and
/// `Target` for the names that pods may ask for. While the API server is away, what was there last
/// stays.
public final class SettingsResources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsResources.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String API_VERSION = "tollbridge.dev/v1alpha1";

    private static final Map<String, String> KINDS =
            Map.of(
                    "AdmissionSettings",
                    "admissionsettings",
                    "Exemption",
                    "exemptions",
                    "Target",
                    "targets");

    private final Cluster cluster;
    private final Runnable changed;
    private final Map<String, SharedIndexInformer<GenericKubernetesResource>> following =
            new LinkedHashMap<>();
    private volatile String trouble = "";
    private volatile boolean closed;

    /// @param changed told that there is something else now; returns at once
    public SettingsResources(Cluster cluster, Runnable changed) {
        this.cluster = cluster;
        this.changed = changed;
    }

    public void start() {
        KINDS.forEach((kind, plural) -> {
            SharedIndexInformer<GenericKubernetesResource> informer =
                    cluster.client()
                            .genericKubernetesResources(
                                    new ResourceDefinitionContext.Builder()
                                            .withGroup("tollbridge.dev")
                                            .withVersion("v1alpha1")
                                            .withKind(kind)
                                            .withPlural(plural)
                                            .withNamespaced(false)
                                            .build())
                            .runnableInformer(0);
            informer.addEventHandler(new Events());
            informer.exceptionHandler((_, fault) -> {
                trouble = plural + ": " + Cluster.reasonOfWatch(fault);
                LOG.warn("settings cannot be followed and this is tried again: {}", trouble);
                return !closed;
            });
            following.put(kind, informer);
            var _ = informer.start();
        });
    }

    private final class Events implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            changed.run();
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            changed.run();
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            changed.run();
        }
    }

    /// Whether everything was listed once.
    public boolean known() {
        return following.values().stream().allMatch(SharedIndexInformer::hasSynced)
                && following.size() == KINDS.size();
    }

    /// Why not everything is known; empty where nobody said.
    public String trouble() {
        return trouble;
    }

    /// What is there now: documents as JSON, each with its name and spec and nothing else that the
    /// API server keeps of it.
    public List<String> documents() {
        List<String> documents = new ArrayList<>();
        following.forEach((kind, informer) ->
                informer.getStore()
                        .list()
                        .forEach(object ->
                                documents.add(
                                        document(
                                                kind,
                                                object.getMetadata().getName(),
                                                MAPPER.valueToTree(
                                                        object.getAdditionalProperties()
                                                                .get("spec"))))));
        return documents;
    }

    private static String document(String kind, String name, JsonNode spec) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("apiVersion", API_VERSION).put("kind", kind);
        document.putObject("metadata").put("name", name);
        document.set("spec", spec);
        return document.toString();
    }

    @Override
    public void close() {
        closed = true;
        following.values().forEach(SharedIndexInformer::stop);
    }
}
