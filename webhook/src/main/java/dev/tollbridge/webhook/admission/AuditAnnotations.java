package dev.tollbridge.webhook.admission;

import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Outcome;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.decide.Ruling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What goes into the API server's audit log beside the request: the decision, what it would have
/// been under enforce, and each finding's place. The API server puts the webhook's name before each
/// key.
final class AuditAnnotations {

    private static final int LONGEST = 2048;

    private AuditAnnotations() {}

    static Map<String, String> of(Ruling ruling) {
        if (ruling.concerns().isEmpty()) {
            return Map.of();
        }
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("mode", ruling.mode().written());
        annotations.put("decision", ruling.decision());
        if (ruling.mode() != Mode.ENFORCE && would(ruling)) {
            annotations.put("under-enforce", Outcome.REFUSED.written());
        }
        put(annotations, "findings", ruling, ruled -> ruled.concern() instanceof Concern.Found);
        put(
                annotations,
                "uninspectable",
                ruling,
                ruled ->
                        ruled.concern() instanceof Concern.Unknown
                                || ruled.concern() instanceof Concern.Opaque);
        put(annotations, "injection", ruling, ruled -> ruled.concern() instanceof Concern.Broken);
        put(annotations, "exemptions", ruling, ruled -> ruled.exemption() != null);
        return annotations;
    }

    private static boolean would(Ruling ruling) {
        return ruling.concerns().stream()
                .anyMatch(ruled ->
                        ruled.enforced() == Outcome.REFUSED && ruled.outcome() != Outcome.EXEMPTED);
    }

    private static void put(
            Map<String, String> annotations, String key, Ruling ruling, Predicate<Ruled> which) {
        List<String> texts = new ArrayList<>();
        int length = 0;
        for (Ruled ruled : ruling.concerns()) {
            if (!which.test(ruled)) {
                continue;
            }
            String text = key.equals("exemptions") ? exemption(ruled) : text(ruled);
            length += text.length() + 2;
            if (length > LONGEST) {
                texts.add("...");
                break;
            }
            texts.add(text);
        }
        if (!texts.isEmpty()) {
            annotations.put(key, String.join("; ", texts));
        }
    }

    private static String exemption(Ruled ruled) {
        return ruled.exemption() == null
                ? ""
                : ruled.exemption().name() + " (" + ruled.exemption().approvedBy() + ")";
    }

    private static String text(Ruled ruled) {
        Concern concern = ruled.concern();
        String what =
                switch (concern) {
                    case Concern.Found found ->
                            found.finding().detector()
                                    + " "
                                    + found.finding().fingerprint()
                                    + (found.source() == null ? "" : " in " + found.source())
                                    + (found.key().isEmpty() ? "" : "[" + found.key() + "]");
                    case Concern.Unknown unknown -> "unknown " + unknown.source();
                    case Concern.Opaque opaque -> opaque.words();
                    case Concern.Broken broken -> broken.words();
                };
        return ruled.outcome().written() + " " + what + " at " + concern.path();
    }
}
