package dev.tollbridge.webhook.stored;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollbridge.webhook.detect.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Everything in a Secret or ConfigMap that can hold a login: the keys that pods mount, and the
/// annotations, where `kubectl apply` keeps a copy of all it was given.
public final class StoredParts {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<StoredPart> parts = new ArrayList<>();
    private final StoredKind kind;

    private StoredParts(StoredKind kind) {
        this.kind = kind;
    }

    /// @param object as the API server sends it, or as somebody sent it to the API server
    public static List<StoredPart> of(StoredKind kind, JsonNode object) {
        StoredParts all = new StoredParts(kind);
        all.add(object, "");
        all.annotations(object.path("metadata").path("annotations"));
        return List.copyOf(all.parts);
    }

    private void add(JsonNode object, String at) {
        boolean helm =
                kind == StoredKind.SECRET && HelmRelease.TYPE.equals(object.path("type").asText());
        switch (kind) {
            case SECRET -> {
                encoded(object.path("data"), at + "data", helm);
                plain(object.path("stringData"), at + "stringData", helm);
            }
            case CONFIG_MAP -> {
                plain(object.path("data"), at + "data", false);
                encoded(object.path("binaryData"), at + "binaryData", false);
            }
        }
    }

    private void encoded(JsonNode map, String at, boolean helm) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String text = text(entry.getValue());
            part(at, entry.getKey(), decoded(text), helm);
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            // As the API server always writes it, and five times as fast to read. Others may write
            // it in lines.
        }
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            // The API server stores no such thing; judged as it stands all the same.
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private void plain(JsonNode map, String at, boolean helm) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            part(at, entry.getKey(), text(entry.getValue()).getBytes(StandardCharsets.UTF_8), helm);
        }
    }

    private void part(String at, String key, byte[] bytes, boolean helm) {
        boolean release = helm && key.equals(HelmRelease.KEY) && HelmRelease.decodes(bytes);
        parts.add(new StoredPart(at + "[" + key + "]", key, Content.key(key, bytes), release));
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private void annotations(JsonNode annotations) {
        for (Map.Entry<String, JsonNode> entry : annotations.properties()) {
            String at = "metadata.annotations[" + entry.getKey() + "]";
            String text = text(entry.getValue());
            if (entry.getKey().equals(LAST_APPLIED) && applied(text, at)) {
                continue;
            }
            annotation(at, entry.getKey(), text);
        }
    }

    private void annotation(String at, String key, String text) {
        parts.add(
                new StoredPart(
                        at, "", Content.key(key, text.getBytes(StandardCharsets.UTF_8)), false));
    }

    /// What was applied is an object of the same kind: its base64 is looked through as the object's
    /// own is.
    private boolean applied(String text, String at) {
        JsonNode object;
        try {
            object = MAPPER.readTree(text);
        } catch (JacksonException _) {
            return false;
        }
        if (!object.isObject()) {
            return false;
        }
        StoredParts inner = new StoredParts(kind);
        inner.add(object, at + ".");
        for (StoredPart part : inner.parts) {
            parts.add(new StoredPart(part.path(), "", part.content(), false));
        }
        for (Map.Entry<String, JsonNode> entry :
                object.path("metadata").path("annotations").properties()) {
            String inside = at + ".metadata.annotations[" + entry.getKey() + "]";
            annotation(inside, entry.getKey(), text(entry.getValue()));
        }
        // And as it stands, for whatever else it holds.
        annotation(at, LAST_APPLIED, text);
        return true;
    }
}
