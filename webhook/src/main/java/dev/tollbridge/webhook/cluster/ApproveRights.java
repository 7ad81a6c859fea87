package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.approval.Approvals;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks RBAC, by SubjectAccessReview, whether somebody has the verb `approve` on exemptions: in the
/// whole cluster, so that whoever may do anything in a namespace of his own does not have it.
public final class ApproveRights implements Approvals, AutoCloseable {

    /// The API server waits three seconds for the answer that this is a part of.
    private static final long MOST_MILLIS = 2_000;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Cluster cluster;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public ApproveRights(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public boolean mayApprove(JsonNode userInfo, String exemption) {
        ObjectNode review =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", "authorization.k8s.io/v1")
                        .put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec");
        spec.put("user", userInfo.path("username").asText());
        spec.put("uid", userInfo.path("uid").asText());
        if (userInfo.path("groups").isArray()) {
            spec.set("groups", userInfo.path("groups"));
        }
        // What a token is limited to, for authorizers that limit by it.
        if (userInfo.path("extra").isObject()) {
            spec.set("extra", userInfo.path("extra"));
        }
        spec.putObject("resourceAttributes")
                .put("group", "tollbridge.dev")
                .put("resource", "exemptions")
                .put("verb", "approve")
                .put("name", exemption);
        Future<Boolean> answer = threads.submit(() -> allowed(review));
        try {
            return answer.get(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw new ClusterUnavailable("the API server does not say who may approve");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClusterUnavailable("ended");
        }
    }

    private boolean allowed(ObjectNode review)
            throws KubernetesClientException, JsonProcessingException {
        JsonNode answer =
                MAPPER.readTree(
                        cluster.client()
                                .raw(
                                        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                                        "POST",
                                        review));
        return answer.path("status").path("allowed").asBoolean(false)
                && !answer.path("status").path("denied").asBoolean(false);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
