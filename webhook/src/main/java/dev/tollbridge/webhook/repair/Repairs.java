package dev.tollbridge.webhook.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides of each pod that missed its injection whether it is evicted. Careful rather than
/// thorough: an eviction that helps nobody is an outage.
public final class Repairs {

    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    /// Owners of pods that were evicted; beyond that the oldest are forgotten.
    private static final int MOST_OWNERS = 10_000;

    private final Map<String, Instant> evicted = new LinkedHashMap<>();
    private int left;

    /// A sweep begins.
    ///
    /// @param budget how many pods it may evict; 0: it only reports
    public void begin(int budget) {
        left = budget;
    }

    /// Why the pod is left as it is; empty: it may be evicted now.
    ///
    /// @param mendable whether a pod made anew like it would be given what it asks for
    public String reasonToLeave(JsonNode pod, boolean mendable) {
        if (isEnding(pod)) {
            return "it ends anyway";
        }
        JsonNode owner = controller(pod);
        if (owner == null) {
            return "nothing would make it again";
        }
        // A Job counts its failed pods, and a node makes its mirror pods from files.
        String kind = owner.path("kind").asText();
        if (kind.equals("Job") || kind.equals("Node")) {
            return "it belongs to a " + kind;
        }
        if (!mendable) {
            return "a pod made anew like it would be refused";
        }
        Instant before = evicted.get(owner.path("uid").asText());
        if (before != null && !created(pod).isBefore(before)) {
            return "it was made after another of its owner's was evicted, and missed it too";
        }
        return left > 0 ? "" : "the settings evict none, or no more in this sweep";
    }

    /// It was evicted.
    public void evicted(JsonNode pod, Instant now) {
        left--;
        JsonNode owner = controller(pod);
        if (owner != null) {
            // The first time counts: what is made from then on should not need it again.
            Instant _ = evicted.putIfAbsent(owner.path("uid").asText(), now);
            if (evicted.size() > MOST_OWNERS) {
                Iterator<String> oldest = evicted.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /// Whether a pod is over, or being deleted.
    public static boolean isEnding(JsonNode pod) {
        return pod.path("metadata").hasNonNull("deletionTimestamp")
                || OVER.contains(pod.path("status").path("phase").asText());
    }

    private static @Nullable JsonNode controller(JsonNode pod) {
        for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner;
            }
        }
        return null;
    }

    private static Instant created(JsonNode pod) {
        try {
            return Instant.parse(pod.path("metadata").path("creationTimestamp").asText());
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }
}
