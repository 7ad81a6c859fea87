package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Place;
import dev.tollbridge.webhook.detect.Uninspected.Reason;
import dev.tollbridge.webhook.detect.parse.Budget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was seen so far: one draft for each credential, however many detectors see it and however
/// often it is written.
final class Sightings {

    /// More logins than this in one content are one problem.
    private static final int MOST = 1000;

    private final Map<String, Draft> byValue = new HashMap<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<String> allowed = new HashSet<>();

    /// @param owner the draft that the place is part of, if any
    /// @return the draft that the sighting went into; null for a workload's credential
    @Nullable Draft add(Sighting sighting, Place place, @Nullable Draft owner) {
        for (String value : sighting.values()) {
            if (allowed.contains(value)) {
                return null;
            }
        }
        Draft known = owner;
        for (String value : sighting.values()) {
            Draft same = byValue.get(value);
            known = same == null ? known : same;
        }
        if (known == null) {
            if (drafts.size() >= MOST) {
                throw new Budget.Spent(Reason.TOO_MANY_PARTS);
            }
            known = new Draft(sighting, place);
            drafts.add(known);
        } else {
            known.agree(sighting);
        }
        for (String value : sighting.values()) {
            byValue.putIfAbsent(value, known);
        }
        return known;
    }

    /// A workload's credential: no detector's business.
    void allow(String value) {
        allowed.add(value);
    }

    List<Finding> findings(Fingerprints fingerprints) {
        if (drafts.isEmpty()) {
            return List.of();
        }
        return drafts.stream()
                .map(draft -> draft.finding(fingerprints))
                .sorted(
                        Comparator.comparing(Finding::action)
                                .thenComparing(Finding::verdict)
                                .thenComparingInt(f -> f.place().line())
                                .thenComparing(Finding::detector))
                .toList();
    }
}
