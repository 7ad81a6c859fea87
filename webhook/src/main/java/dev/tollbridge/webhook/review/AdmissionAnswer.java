package dev.tollbridge.webhook.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the API server is told.
///
/// @param code of a refusal, as HTTP has it; 0 where the request is allowed
/// @param message for whoever asked; empty where the request is allowed
/// @param warnings shown by clients such as kubectl, at most 256 characters each
/// @param auditAnnotations written into the API server's own audit log
/// @param patch RFC 6902; null where nothing is changed
public record AdmissionAnswer(
        boolean allowed,
        int code,
        String message,
        List<String> warnings,
        Map<String, String> auditAnnotations,
        @Nullable ArrayNode patch) {

    /// Larger ones may be cut by the API server.
    public static final int LONGEST_WARNING = 256;

    public AdmissionAnswer {
        warnings = List.copyOf(warnings);
        auditAnnotations = Map.copyOf(auditAnnotations);
    }

    /// Allowed, and nothing to say about it.
    public static AdmissionAnswer allow() {
        return new AdmissionAnswer(true, 0, "", List.of(), Map.of(), null);
    }

    public static AdmissionAnswer allow(List<String> warnings, Map<String, String> annotations) {
        return new AdmissionAnswer(true, 0, "", warnings, annotations, null);
    }

    public static AdmissionAnswer refuse(
            String message, List<String> warnings, Map<String, String> annotations) {
        return new AdmissionAnswer(false, 403, message, warnings, annotations, null);
    }
}
