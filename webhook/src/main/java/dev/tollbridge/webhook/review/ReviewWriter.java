package dev.tollbridge.webhook.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/// Writes the answering AdmissionReview.
public final class ReviewWriter {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ReviewWriter() {}

    public static byte[] write(String uid, AdmissionAnswer answer) {
        ObjectNode review = MAPPER.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1");
        review.put("kind", "AdmissionReview");
        ObjectNode response = review.putObject("response");
        response.put("uid", uid);
        response.put("allowed", answer.allowed());
        if (!answer.allowed()) {
            ObjectNode status = response.putObject("status");
            status.put("code", answer.code());
            status.put("reason", answer.code() == 403 ? "Forbidden" : "InternalError");
            status.put("message", answer.message());
        }
        if (!answer.warnings().isEmpty()) {
            ArrayNode warnings = response.putArray("warnings");
            answer.warnings().forEach(warnings::add);
        }
        if (!answer.auditAnnotations().isEmpty()) {
            ObjectNode annotations = response.putObject("auditAnnotations");
            Map<String, String> sorted = new TreeMap<>(answer.auditAnnotations());
            sorted.forEach(annotations::put);
        }
        try {
            if (answer.patch() != null && !answer.patch().isEmpty()) {
                response.put("patchType", "JSONPatch");
                response.put("patch", MAPPER.writeValueAsBytes(answer.patch()));
            }
            return MAPPER.writeValueAsBytes(review);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree could not be written", e);
        }
    }
}
