package dev.tollbridge.webhook.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where objects that make pods keep the template of them.
public final class PodTemplates {

    private static final String USUAL = "spec.template";

    /// Group and kind to the template's path.
    private static final Map<String, String> PATHS =
            Map.ofEntries(
                    Map.entry("apps/Deployment", USUAL),
                    Map.entry("apps/ReplicaSet", USUAL),
                    Map.entry("apps/StatefulSet", USUAL),
                    Map.entry("apps/DaemonSet", USUAL),
                    Map.entry("batch/Job", USUAL),
                    Map.entry("batch/CronJob", "spec.jobTemplate.spec.template"),
                    Map.entry("/ReplicationController", USUAL),
                    Map.entry("/PodTemplate", "template"));

    private PodTemplates() {}

    /// @param path of the template in the object
    /// @param pod the template: `metadata` and `spec`, as a pod has them
    public record Template(String path, JsonNode pod) {}

    /// The template of an object, also of a kind not listed that keeps it in the usual place; null
    /// where there is none.
    public static @Nullable Template in(String group, String kind, JsonNode object) {
        String path = PATHS.getOrDefault(group + "/" + kind, USUAL);
        JsonNode at = object;
        for (String step : path.split("\\.")) {
            at = at.path(step);
        }
        return at.path("spec").isObject() ? new Template(path, at) : null;
    }
}
