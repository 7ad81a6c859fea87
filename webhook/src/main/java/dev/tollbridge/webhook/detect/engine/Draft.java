package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Place;
import dev.tollbridge.webhook.detect.Verdict;
import dev.tollbridge.webhook.detect.rule.Detector;
import java.util.TreeSet;

/// A finding in the making. Holds the values, and so never leaves the engine.
final class Draft {

    private Detector detector;
    private Verdict verdict;
    private Action action;
    private Confidence confidence;
    private String key;
    private String provenance;
    private final Place place;
    private final TreeSet<String> values = new TreeSet<>();
    private final TreeSet<String> agreeing = new TreeSet<>();

    Draft(Sighting sighting, Place place) {
        this.place = place;
        this.detector = sighting.detector();
        this.verdict = sighting.verdict();
        this.action = sighting.action();
        this.confidence = sighting.confidence();
        this.key = sighting.key();
        this.provenance = sighting.provenance();
        values.addAll(sighting.values());
    }

    int rank() {
        return detector.rank();
    }

    /// Another detector has seen the same credential: the one that knows more speaks.
    void agree(Sighting other) {
        if (other.detector().id().equals(detector.id())) {
            return;
        }
        boolean better =
                other.detector().rank() > detector.rank()
                        && !(action == Action.BLOCK && other.action() == Action.WARN);
        agreeing.add(better ? detector.id() : other.detector().id());
        if (better) {
            agreeing.remove(other.detector().id());
            detector = other.detector();
            verdict = other.verdict();
            action = other.action();
            key = other.key();
            provenance = other.provenance();
            confidence = other.confidence();
        }
        // Two independent signs.
        if (action == other.action()) {
            confidence = Confidence.HIGH;
        }
    }

    Finding finding(Fingerprints fingerprints) {
        return new Finding(
                detector.id(),
                detector.tool(),
                verdict,
                action,
                place,
                key,
                provenance,
                confidence,
                detector.advice(),
                java.util.List.copyOf(agreeing),
                fingerprints.of(String.join("\n", values)));
    }
}
