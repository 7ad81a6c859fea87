package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.approval.Stamps;
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
    private final Stamps stamps;
    private final Runnable changed;
    private final Map<String, SharedIndexInformer<GenericKubernetesResource>> following =
            new LinkedHashMap<>();
    private final List<WatchPace<GenericKubernetesResource>> paces = new ArrayList<>();
    private volatile String trouble = "";
    private volatile boolean closed;

    /// @param changed told that there is something else now; returns at once
    public SettingsResources(Cluster cluster, Stamps stamps, Runnable changed) {
        this.cluster = cluster;
        this.stamps = stamps;
        this.changed = changed;
    }

    public void start() {
        KINDS.forEach((kind, plural) -> {
            SharedIndexInformer<GenericKubernetesResource> informer =
                    cluster.client().genericKubernetesResources(api(kind)).runnableInformer(0);
            WatchPace<GenericKubernetesResource> pace = new WatchPace<>();
            informer.addEventHandler(new Events());
            informer.addEventHandler(pace);
            paces.add(pace);
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

    static ResourceDefinitionContext api(String kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("tollbridge.dev")
                .withVersion("v1alpha1")
                .withKind(kind)
                .withPlural(KINDS.get(kind))
                .withNamespaced(false)
                .build();
    }

    /// One of them, as the API server keeps it.
    ///
    /// @param unapproved an exemption that was stored while nobody was asked who may approve it
    record Kept(String kind, JsonNode object, boolean unapproved) {

        String name() {
            return object.path("metadata").path("name").asText();
        }

        /// As JSON, with its name and spec and nothing else that the API server keeps of it.
        String document() {
            ObjectNode document = MAPPER.createObjectNode();
            document.put("apiVersion", API_VERSION).put("kind", kind);
            document.putObject("metadata").put("name", name());
            document.set("spec", object.path("spec"));
            return document.toString();
        }
    }

    List<Kept> kept() {
        List<Kept> all = new ArrayList<>();
        following.forEach((kind, informer) ->
                informer.getStore()
                        .list()
                        .forEach(resource -> {
                            JsonNode object = MAPPER.valueToTree(resource);
                            boolean unapproved = kind.equals("Exemption") && !stamps.holds(object);
                            all.add(new Kept(kind, object, unapproved));
                        }));
        return all;
    }

    /// What is there now and may count: documents as JSON. Exemptions that nobody was seen to
    /// approve are left out.
    public List<String> documents() {
        return kept().stream().filter(kept -> !kept.unapproved()).map(Kept::document).toList();
    }

    @Override
    public void close() {
        closed = true;
        paces.forEach(WatchPace::close);
        following.values().forEach(SharedIndexInformer::stop);
    }
}
