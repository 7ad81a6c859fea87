package dev.tollbridge.bridge.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What the chart renders to.
record Rendering(List<JsonNode> objects) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Rendering of(List<String> values) {
        return read(Helm.template(values).succeeded());
    }

    static Rendering read(String yaml) {
        List<JsonNode> objects = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document != null) {
                objects.add(JSON.valueToTree(document));
            }
        }
        return new Rendering(objects);
    }

    Stream<JsonNode> ofKind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode one(String kind, String name) {
        return ofKind(kind)
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    boolean has(String kind, String name) {
        return ofKind(kind).anyMatch(object -> object.at("/metadata/name").asText().equals(name));
    }

    /// The specifications of all pods, also those that templates make.
    List<JsonNode> pods() {
        return objects.stream()
                .map(object -> {
                    String kind = object.path("kind").asText();
                    return kind.equals("Pod")
                            ? object.at("/spec")
                            : object.at("/spec/template/spec");
                })
                .filter(pod -> pod.has("containers"))
                .toList();
    }

    /// As one text of several documents.
    String yaml() {
        Dump dump = new Dump(DumpSettings.builder().build());
        StringBuilder text = new StringBuilder();
        for (JsonNode object : objects) {
            text.append("---\n").append(dump.dumpToString(JSON.convertValue(object, Object.class)));
        }
        return text.toString();
    }
}
