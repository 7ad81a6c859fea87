package dev.tollbridge.webhook.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.MalformedReview;
import dev.tollbridge.webhook.review.ReviewReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An AdmissionReview as an API server writes it, put together by a test.
public final class Review {

    private final ObjectNode review = Yaml.MAPPER.createObjectNode();
    private final ObjectNode request;

    private Review(String operation, JsonNode object) {
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        request = review.putObject("request");
        request.put("uid", "0f7e6a3a-0c5b-4c1e-9d3e-000000000001");
        String apiVersion = object.path("apiVersion").asText("v1");
        int slash = apiVersion.indexOf('/');
        ObjectNode kind = request.putObject("kind");
        kind.put("group", slash < 0 ? "" : apiVersion.substring(0, slash));
        kind.put("version", apiVersion.substring(slash + 1));
        kind.put("kind", object.path("kind").asText());
        request.put("operation", operation);
        request.put("namespace", object.path("metadata").path("namespace").asText("team"));
        request.put("name", object.path("metadata").path("name").asText());
        request.putObject("userInfo").put("username", "ann").putArray("groups").add("developers");
    }

    public static Review create(JsonNode object) {
        Review review = new Review("CREATE", object);
        review.request.set("object", object);
        review.request.putNull("oldObject");
        return review;
    }

    public static Review create(String yaml) {
        return create(Yaml.object(yaml));
    }

    public static Review update(JsonNode old, JsonNode object) {
        Review review = new Review("UPDATE", object);
        review.request.set("object", object);
        review.request.set("oldObject", old);
        return review;
    }

    public static Review delete(JsonNode old) {
        Review review = new Review("DELETE", old);
        review.request.putNull("object");
        review.request.set("oldObject", old);
        return review;
    }

    /// The same with another operation, as no API server sends it.
    public Review as(String operation) {
        request.put("operation", operation);
        return this;
    }

    public Review subResource(String name) {
        request.put("subResource", name);
        return this;
    }

    public Review dryRun() {
        request.put("dryRun", true);
        return this;
    }

    public Review by(String user, List<String> groups) {
        ObjectNode info = request.putObject("userInfo").put("username", user);
        groups.forEach(info.putArray("groups")::add);
        return this;
    }

    public byte[] bytes() {
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    public AdmissionRequest request() {
        try {
            return ReviewReader.read(bytes());
        } catch (MalformedReview e) {
            throw new IllegalStateException(e);
        }
    }
}
