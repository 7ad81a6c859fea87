package dev.tollbridge.webhook.index;

import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the detectors said of an object's keys. Only keys about which there is something to say.
///
/// Bounded: an object may have thousands of keys, and verdicts are kept as objects of a cluster.
/// The gravest of each key are kept; keys beyond the bound are not told apart any more, so that a
/// pod reaches what they hold by whichever key it asks for.
public record ObjectVerdict(Map<String, Judgement> keys) {

    static final int MOST_PER_KEY = 16;
    static final int MOST_KEYS = 64;

    /// Stands for all keys that are not told apart; no key of an object can be called so.
    static final String ANY_KEY = "*";

    public static final ObjectVerdict CLEAN = new ObjectVerdict(Map.of());

    private static final Comparator<Finding> GRAVEST_FIRST =
            Comparator.comparing(Finding::action)
                    .thenComparing(Finding::verdict)
                    .thenComparing(Finding::detector)
                    .thenComparing(Finding::fingerprint);

    public ObjectVerdict {
        Map<String, Judgement> telling = new TreeMap<>();
        keys.forEach((key, judgement) -> {
            if (!judgement.findings().isEmpty() || !judgement.uninspected().isEmpty()) {
                telling.put(key, bounded(judgement));
            }
        });
        Map<String, Judgement> kept = new LinkedHashMap<>();
        Judgement others = telling.remove(ANY_KEY);
        telling.forEach((key, judgement) ->
                kept.merge(
                        kept.size() < MOST_KEYS ? key : ANY_KEY, judgement, ObjectVerdict::union));
        if (others != null) {
            kept.merge(ANY_KEY, others, ObjectVerdict::union);
        }
        keys = Map.copyOf(kept);
    }

    public boolean clean() {
        return keys.isEmpty();
    }

    /// What may be said of a pod that asks for one of the keys.
    ///
    /// @param asked empty: for all
    public Map<String, Judgement> reachedBy(Set<String> asked) {
        Map<String, Judgement> reached = new TreeMap<>(keys);
        if (!asked.isEmpty()) {
            reached.keySet().removeIf(key -> !asked.contains(key) && !key.equals(ANY_KEY));
        }
        return reached;
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
        Set<Finding> findings = new LinkedHashSet<>(one.findings());
        findings.addAll(other.findings());
        Set<Uninspected> uninspected = new LinkedHashSet<>(one.uninspected());
        uninspected.addAll(other.uninspected());
        return bounded(new Judgement(List.copyOf(findings), List.copyOf(uninspected)));
    }

    /// What is cut off is never graver than what stays.
    private static Judgement bounded(Judgement judgement) {
        return new Judgement(
                judgement.findings().stream()
                        .distinct()
                        .sorted(GRAVEST_FIRST)
                        .limit(MOST_PER_KEY)
                        .toList(),
                judgement.uninspected().stream().distinct().limit(MOST_PER_KEY).toList());
    }
}
