package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.approval.DocumentCheck;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into `AdmissionSettings` and `Exemption` resources what became of them, where they do not
/// say so already: `Accepted`, whether they can count, and `Ready`, whether they do.
public final class SettingsStatus {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsStatus.class);
    private static final int LONGEST_MESSAGE = 4_000;

    private final Cluster cluster;
    private final SettingsResources resources;
    private final DocumentCheck check;
    private final InstantSource clock;
    private boolean told;

    public SettingsStatus(
            Cluster cluster,
            SettingsResources resources,
            DocumentCheck check,
            InstantSource clock) {
        this.cluster = cluster;
        this.resources = resources;
        this.check = check;
        this.clock = clock;
    }

    private record Condition(String type, boolean holds, String reason, String message) {}

    /// Blocks. What cannot be written now is tried again the next time.
    public void write() {
        if (!resources.known()) {
            return;
        }
        List<SettingsResources.Kept> all = resources.kept();
        boolean several =
                all.stream().filter(kept -> kept.kind().equals("AdmissionSettings")).count() > 1;
        for (SettingsResources.Kept kept : all) {
            List<Condition> wanted =
                    switch (kept.kind()) {
                        case "AdmissionSettings" -> settings(kept, several);
                        case "Exemption" -> exemption(kept);
                        // The bridge's business.
                        default -> List.of();
                    };
            if (!wanted.isEmpty() && !says(kept.object(), wanted)) {
                write(kept, wanted);
            }
        }
    }

    private List<Condition> settings(SettingsResources.Kept kept, boolean several) {
        List<String> errors = check.check(kept.document()).errors();
        if (!errors.isEmpty()) {
            return both("Invalid", String.join("; ", errors) + ": what was in force stays");
        }
        Condition accepted = new Condition("Accepted", true, "Understood", "it has no error");
        return List.of(
                accepted,
                several
                        ? new Condition(
                                "Ready",
                                false,
                                "MoreThanOne",
                                "there is one AdmissionSettings in a cluster: what was in force stays")
                        : new Condition("Ready", true, "InForce", "it is in force"));
    }

    private List<Condition> exemption(SettingsResources.Kept kept) {
        List<String> errors = check.check(kept.document()).errors();
        if (!errors.isEmpty()) {
            return both("Invalid", String.join("; ", errors));
        }
        if (kept.unapproved()) {
            return both(
                    "NotApproved",
                    "it was written while nobody was asked who may approve it, or changed since:"
                            + " write it again under your own name as approvedBy, with the verb"
                            + " approve on exemptions.tollbridge.dev");
        }
        JsonNode spec = kept.object().path("spec");
        Condition accepted =
                new Condition(
                        "Accepted",
                        true,
                        "Approved",
                        "approved by " + spec.path("approvedBy").asText());
        return List.of(
                accepted,
                expired(spec.path("expires").asText())
                        ? new Condition("Ready", false, "Expired", "its last day is over")
                        : new Condition("Ready", true, "InForce", "it is in force"));
    }

    private static List<Condition> both(String reason, String message) {
        return List.of(
                new Condition("Accepted", false, reason, message),
                new Condition("Ready", false, reason, message));
    }

    private boolean expired(String day) {
        try {
            return LocalDate.parse(day)
                    .isBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (DateTimeParseException _) {
            // The check takes other ways to write a day; whether it is over the rules know.
            return false;
        }
    }

    private static boolean says(JsonNode object, List<Condition> wanted) {
        JsonNode status = object.path("status");
        if (status.path("observedGeneration").asLong(-1) != generation(object)
                || status.path("conditions").size() != wanted.size()) {
            return false;
        }
        return wanted.stream()
                .allMatch(condition -> {
                    JsonNode said = said(status, condition.type());
                    return said.path("status").asText().equals(word(condition))
                            && said.path("reason").asText().equals(condition.reason())
                            && said.path("message").asText().equals(message(condition));
                });
    }

    private static JsonNode said(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    private static String word(Condition condition) {
        return condition.holds() ? "True" : "False";
    }

    private static String message(Condition condition) {
        String message = condition.message();
        return message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
    }

    private void write(SettingsResources.Kept kept, List<Condition> wanted) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode status = patch.putObject("status");
        status.put("observedGeneration", generation(kept.object()));
        for (Condition condition : wanted) {
            JsonNode said = said(kept.object().path("status"), condition.type());
            boolean stays = said.path("status").asText().equals(word(condition));
            status.withArray("/conditions")
                    .addObject()
                    .put("type", condition.type())
                    .put("status", word(condition))
                    .put("observedGeneration", generation(kept.object()))
                    .put(
                            "lastTransitionTime",
                            stays
                                    ? said.path("lastTransitionTime").asText()
                                    : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", condition.reason())
                    .put("message", message(condition));
        }
        try {
            cluster.client()
                    .genericKubernetesResources(SettingsResources.api(kept.kind()))
                    .withName(kept.name())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
            told = false;
        } catch (KubernetesClientException e) {
            // Told once, not each second: where the permission is missing it stays so.
            if (!told) {
                told = true;
                LOG.warn(
                        "the status of {} {} cannot be written: {}",
                        kept.kind(),
                        kept.name(),
                        Cluster.reason(e));
            }
        }
    }
}
