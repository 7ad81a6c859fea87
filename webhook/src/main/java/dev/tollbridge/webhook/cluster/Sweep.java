package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Lists what is stored, page by page, so that what was there before the webhook is known too.
/// Needs the permission to list Secrets, ConfigMaps and pods: the one permission of the webhook
/// that reads them, to be given or not.
public final class Sweep {

    private static final int PAGE = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Cluster cluster;

    public Sweep(Cluster cluster) {
        this.cluster = cluster;
    }

    /// @param resource such as `secrets`
    /// @param each given every object, raw, one page at a time in memory
    /// @throws io.fabric8.kubernetes.client.KubernetesClientException when it cannot be listed
    public void all(String resource, Consumer<JsonNode> each) {
        String next = "";
        do {
            String path =
                    "/api/v1/"
                            + resource
                            + "?limit="
                            + PAGE
                            + (next.isEmpty()
                                    ? ""
                                    : "&continue="
                                            + URLEncoder.encode(next, StandardCharsets.UTF_8));
            JsonNode page = page(cluster.client().raw(path));
            page.path("items").forEach(each);
            next = page.path("metadata").path("continue").asText();
        } while (!next.isEmpty());
    }

    private static JsonNode page(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API server's list is not JSON");
        }
    }
}
