package dev.tollbridge.webhook.index;

import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the detectors said of an object's keys. Only keys about which there is something to say.
public record ObjectVerdict(Map<String, Judgement> keys) {

    /// An object may have thousands of keys; this many say enough.
    static final int MOST_PER_KEY = 16;

    public static final ObjectVerdict CLEAN = new ObjectVerdict(Map.of());

    public ObjectVerdict {
        Map<String, Judgement> telling = new LinkedHashMap<>();
        keys.forEach((key, judgement) -> {
            if (!judgement.findings().isEmpty() || !judgement.uninspected().isEmpty()) {
                telling.put(key, judgement);
            }
        });
        keys = Map.copyOf(telling);
    }

    public boolean clean() {
        return keys.isEmpty();
    }

    /// What either says: never better than one of them.
    public ObjectVerdict worsenedBy(ObjectVerdict other) {
        if (other.clean()) {
            return this;
        }
        Map<String, Judgement> both = new LinkedHashMap<>(keys);
        other.keys.forEach((key, judgement) -> both.merge(key, judgement, ObjectVerdict::union));
        return new ObjectVerdict(both);
    }

    private static Judgement union(Judgement one, Judgement other) {
        Set<Finding> findings = new LinkedHashSet<>(other.findings());
        findings.addAll(one.findings());
        Set<Uninspected> uninspected = new LinkedHashSet<>(other.uninspected());
        uninspected.addAll(one.uninspected());
        return new Judgement(first(findings), first(uninspected));
    }

    private static <T> List<T> first(Set<T> all) {
        return new ArrayList<>(all).subList(0, Math.min(all.size(), MOST_PER_KEY));
    }
}
