package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists what is stored, page by page, so that what was there before the webhook is known too. What
/// it has no permission to list it leaves out: to list Secrets is the one permission that reads
/// them, to be given or not, and to be taken away again.
public final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    /// A Secret or ConfigMap may have a MiB, and a page is in memory at once.
    private static final int PAGE_OF_CONTENT = 20;

    private static final int PAGE = 200;
    private static final int FORBIDDEN = 403;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Cluster cluster;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public Sweep(Cluster cluster) {
        this.cluster = cluster;
    }

    /// @param resource such as `secrets`
    /// @param each given every object, raw, one page at a time in memory
    /// @return whether it could be listed; false where the permission is not given
    /// @throws ClusterUnavailable when it cannot be listed for another reason
    public boolean all(String resource, Consumer<JsonNode> each) {
        String next = "";
        do {
            JsonNode page;
            try {
                page = page(cluster.client().raw(path(resource, next)));
            } catch (KubernetesClientException e) {
                if (e.getCode() == FORBIDDEN) {
                    if (told.add(resource)) {
                        LOG.info(
                                "{} are not swept: the permission to list them is not given",
                                resource);
                    }
                    return false;
                }
                throw new ClusterUnavailable(resource + " cannot be listed: " + Cluster.reason(e));
            }
            page.path("items").forEach(each);
            next = page.path("metadata").path("continue").asText();
        } while (!next.isEmpty());
        told.remove(resource);
        return true;
    }

    private static String path(String resource, String next) {
        boolean content = resource.equals("secrets") || resource.equals("configmaps");
        return "/api/v1/"
                + resource
                + "?limit="
                + (content ? PAGE_OF_CONTENT : PAGE)
                + (next.isEmpty()
                        ? ""
                        : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
    }

    private static JsonNode page(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ClusterUnavailable("the API server's list is not JSON");
        }
    }
}
