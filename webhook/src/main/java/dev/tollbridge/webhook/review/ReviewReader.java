package dev.tollbridge.webhook.review;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Reads AdmissionReview v1: one JSON document, no duplicate names at any depth.
public final class ReviewReader {

    /// An object of the API server is at most 1.5 MiB in etcd and 3 MiB in a request; a review can
    /// hold two of them.
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    /// Schemas in custom resources nest deeply; nothing else comes near.
    private static final int MAX_DEPTH = 256;

    private static final int MAX_NAME = 253;
    private static final int MAX_TEXT = 1024;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(MAX_BYTES)
                                                    .maxNumberLength(100)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private ReviewReader() {}

    /// @throws MalformedReview when there is nothing in it that could be answered
    public static AdmissionRequest read(byte[] body) throws MalformedReview {
        if (body.length > MAX_BYTES) {
            throw new MalformedReview("larger than " + MAX_BYTES + " bytes");
        }
        JsonNode review;
        try {
            review = MAPPER.readTree(body);
        } catch (JacksonException e) {
            // Jackson's message quotes the text around the problem, which may be a credential.
            throw new MalformedReview("not JSON, or a name stands twice in an object");
        } catch (IOException e) {
            throw new MalformedReview("not JSON");
        }
        if (!"admission.k8s.io/v1".equals(review.path("apiVersion").asText())
                || !"AdmissionReview".equals(review.path("kind").asText())) {
            throw new MalformedReview("not an AdmissionReview of admission.k8s.io/v1");
        }
        JsonNode request = review.path("request");
        if (!request.isObject()) {
            throw new MalformedReview("no request");
        }
        String uid = text(request, "uid", MAX_TEXT);
        if (uid.isEmpty()) {
            throw new MalformedReview("no uid");
        }
        JsonNode kind = request.path("kind");
        JsonNode object = present(request.path("object"));
        JsonNode oldObject = present(request.path("oldObject"));
        boolean says = kind.isObject();
        return new AdmissionRequest(
                uid,
                says ? text(kind, "group", MAX_NAME) : group(object),
                says ? text(kind, "kind", MAX_NAME) : text(object, "kind", MAX_NAME),
                text(request, "subResource", MAX_NAME),
                operation(text(request, "operation", MAX_NAME)),
                namespace(request, object, oldObject),
                name(request, object, oldObject),
                text(request.path("userInfo"), "username", MAX_TEXT),
                groups(request.path("userInfo").path("groups")),
                request.path("userInfo"),
                object,
                oldObject,
                request.path("dryRun").asBoolean(false));
    }

    private static JsonNode present(JsonNode node) {
        return node.isObject() ? node : MissingNode.getInstance();
    }

    private static Operation operation(String text) throws MalformedReview {
        for (Operation operation : Operation.values()) {
            if (operation.name().equals(text)) {
                return operation;
            }
        }
        throw new MalformedReview("no operation that is known");
    }

    private static String group(JsonNode object) throws MalformedReview {
        String version = text(object, "apiVersion", MAX_NAME);
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    /// The API server says it; whoever calls without one is judged by what the object says.
    private static String namespace(JsonNode request, JsonNode object, JsonNode old)
            throws MalformedReview {
        return first("namespace", request, object.path("metadata"), old.path("metadata"));
    }

    private static String name(JsonNode request, JsonNode object, JsonNode old)
            throws MalformedReview {
        return first("name", request, object.path("metadata"), old.path("metadata"));
    }

    private static String first(String field, JsonNode... places) throws MalformedReview {
        for (JsonNode place : places) {
            String text = text(place, field, MAX_NAME);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static Set<String> groups(JsonNode list) {
        Set<String> groups = new LinkedHashSet<>();
        for (JsonNode group : list) {
            if (group.isTextual()) {
                groups.add(group.textValue());
            }
        }
        return groups;
    }

    private static String text(JsonNode object, String field, int longest) throws MalformedReview {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual() || value.textValue().length() > longest) {
            throw new MalformedReview("the request's " + field + " is not what it should be");
        }
        return value.textValue();
    }
}
