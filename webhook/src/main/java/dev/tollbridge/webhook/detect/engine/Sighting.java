package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Verdict;
import dev.tollbridge.webhook.detect.rule.Detector;
import java.util.List;

/// One detector's match.
///
/// @param values the credential; several where one login has several
record Sighting(
        Detector detector,
        Verdict verdict,
        Action action,
        Confidence confidence,
        String key,
        String provenance,
        List<String> values) {

    static Sighting of(Detector detector, Confidence confidence, String key, List<String> values) {
        return new Sighting(
                detector,
                detector.verdict(),
                detector.action(),
                confidence,
                key,
                detector.provenance(),
                values);
    }

    /// They are credentials.
    @Override
    public String toString() {
        return "Sighting by " + detector.id();
    }
}
