package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.patch.JsonPatches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives pods that ask for it what they need to reach their targets, and tells whether a pod still
/// has it.
public final class Injector {

    /// The label by which a pod asks.
    public static final String LABEL = Names.INJECT_LABEL;

    /// The volume with the token that every pod that asks is given.
    public static final String TOKEN_VOLUME = Names.TOKEN_VOLUME;

    /// SDKs look at these before they look at what is injected.
    private static final Map<String, List<String>> PREFERRED =
            Map.of(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    List.of(
                            "AWS_ACCESS_KEY_ID",
                            "AWS_WEB_IDENTITY_TOKEN_FILE",
                            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                            "AWS_PROFILE"));

    private final @Nullable InjectSettings settings;

    /// @param settings null where nothing can be injected: pods that ask for it are told so
    public Injector(@Nullable InjectSettings settings) {
        this.settings = settings;
    }

    /// @param pod as it is; not changed
    public Injection inject(JsonNode pod) {
        if (!asks(pod)) {
            return new Injection.NotAsked();
        }
        try {
            Plan plan = Plan.of(pod, settings);
            ObjectNode equipped = pod.deepCopy();
            new PodEdit(equipped, plan).containers();
            // Two steps, so that the differ does not have to tell a container that moved from one
            // that changed.
            ObjectNode complete = equipped.deepCopy();
            new PodEdit(complete, plan).sidecar();
            ArrayNode patch = JsonPatches.between(pod, equipped);
            patch.addAll(JsonPatches.between(equipped, complete));
            List<String> warnings = new ArrayList<>(plan.warnings());
            warnings.addAll(preferred(pod, plan));
            return new Injection.Done(complete, patch, warnings);
        } catch (InjectionRefused refused) {
            return new Injection.Refused(refused.reason());
        }
    }

    private static boolean asks(JsonNode pod) {
        return "true".equals(pod.path("metadata").path("labels").path(Names.INJECT_LABEL).asText());
    }

    private static List<String> preferred(JsonNode pod, Plan plan) {
        List<String> warnings = new ArrayList<>();
        for (JsonNode container : pod.path("spec").path("containers")) {
            for (JsonNode variable : container.path("env")) {
                String name = variable.path("name").asText();
                PREFERRED.forEach((injected, before) -> {
                    if (plan.environment().containsKey(injected) && before.contains(name)) {
                        warnings.add(
                                "tollbridge: SDKs look at "
                                        + name
                                        + " before they look at what was injected");
                    }
                });
            }
        }
        return warnings;
    }

    /// Whether a pod made anew like this one would be given something that this one misses.
    public boolean wouldMend(JsonNode pod) {
        return inject(pod) instanceof Injection.Done done && !done.patch().isEmpty();
    }

    /// What is not as it was injected, in words; empty where all is, or the pod asks for nothing.
    public List<String> broken(JsonNode pod) {
        return switch (inject(pod)) {
            case Injection.NotAsked _ -> List.of();
            case Injection.Refused refused -> List.of(refused.reason());
            case Injection.Done done ->
                    done.patch().isEmpty()
                            ? List.of()
                            : List.of("it asks for injection and does not have what is injected");
        };
    }
}
