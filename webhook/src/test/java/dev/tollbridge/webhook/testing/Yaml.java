package dev.tollbridge.webhook.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Kubernetes objects written as YAML, read as the JSON that an API server would send.
public final class Yaml {

    public static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Yaml() {}

    public static ObjectNode object(String text) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
        JsonNode node = MAPPER.valueToTree(tree);
        return (ObjectNode) node;
    }

    public static ObjectNode file(Path file) {
        try {
            return object(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
