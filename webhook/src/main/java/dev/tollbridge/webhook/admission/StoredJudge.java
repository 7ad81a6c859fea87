package dev.tollbridge.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.index.ObjectVerdict;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.Operation;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.stored.StoredPart;
import dev.tollbridge.webhook.stored.StoredParts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges Secrets and ConfigMaps from the request itself: no permission to read Secrets is needed.
final class StoredJudge {

    private final Detectors detectors;
    private final VerdictIndex index;

    StoredJudge(Detectors detectors, VerdictIndex index) {
        this.detectors = detectors;
        this.index = index;
    }

    /// @param concerns of all parts
    /// @param verdict of what pods can mount
    record Examined(List<Concern> concerns, ObjectVerdict verdict) {
        static final Examined NOTHING = new Examined(List.of(), ObjectVerdict.CLEAN);
    }

    Judged judge(StoredKind kind, AdmissionRequest request) {
        StoredName name = new StoredName(kind, request.namespace(), request.name());
        Subject subject = new Subject(kind.written(), request.namespace(), request.name(), false);
        JsonNode old = request.oldObject();
        JsonNode object = request.object();
        if (request.operation() == Operation.DELETE) {
            Examined stored = examine(name, old);
            return new Judged(
                    subject, List.of(), List.of(), _ -> deleting(name, old, stored.verdict()));
        }
        if (!object.isObject()) {
            throw new IllegalArgumentException("a request without its object");
        }
        Examined examined = examine(name, object);
        // What is written again and again is mostly labels: the same content is judged once.
        Examined before =
                old.isMissingNode()
                        ? Examined.NOTHING
                        : sameContent(object, old) ? examined : examine(name, old);
        return new Judged(
                subject,
                examined.concerns(),
                isStored(old) ? before.concerns() : List.of(),
                ruling -> remember(name, old, before.verdict(), examined.verdict(), ruling));
    }

    /// Only the API server gives objects a uid: what has none was never stored.
    static boolean isStored(JsonNode object) {
        return !object.path("metadata").path("uid").asText().isEmpty();
    }

    private static boolean sameContent(JsonNode one, JsonNode other) {
        for (String field : List.of("data", "stringData", "binaryData", "type")) {
            if (!one.path(field).equals(other.path(field))) {
                return false;
            }
        }
        return one.path("metadata")
                .path("annotations")
                .equals(other.path("metadata").path("annotations"));
    }

    private void remember(
            StoredName name, JsonNode old, ObjectVerdict before, ObjectVerdict now, Ruling ruling) {
        if (name.name().isEmpty()) {
            return;
        }
        shown(name, old, before);
        index.saw(
                name,
                ruling.refused()
                        ? new Observation.Refused(now)
                        : new Observation.Admitted(now, resourceVersion(old)));
    }

    private void deleting(StoredName name, JsonNode old, ObjectVerdict stored) {
        shown(name, old, stored);
        index.saw(name, new Observation.Deleting());
    }

    private void shown(StoredName name, JsonNode old, ObjectVerdict verdict) {
        if (old.isObject() && !name.name().isEmpty()) {
            index.saw(name, new Observation.Stored(verdict, resourceVersion(old)));
        }
    }

    private static String resourceVersion(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    Examined examine(StoredName name, JsonNode object) {
        List<Concern> concerns = new ArrayList<>();
        Map<String, Judgement> keys = new LinkedHashMap<>();
        Set<String> told = new HashSet<>();
        for (StoredPart part : StoredParts.of(name.kind(), object)) {
            Judgement judgement = detectors.judge(part.content());
            for (Finding finding : judgement.findings()) {
                boolean first = told.add(finding.detector() + " " + finding.fingerprint());
                if (!first && part.key().isEmpty()) {
                    // An annotation that repeats what a key holds, as kubectl's does.
                    continue;
                }
                concerns.add(
                        new Concern.Found(
                                part.path(), name, part.key(), finding, part.helmRelease()));
            }
            for (Uninspected uninspected : judgement.uninspected()) {
                concerns.add(
                        new Concern.Opaque(
                                part.path(),
                                name,
                                uninspected.reason().words(),
                                part.helmRelease()));
            }
            if (!part.key().isEmpty()) {
                // stringData is written over data of the same name.
                keys.merge(part.key(), judgement, StoredJudge::both);
            }
        }
        return new Examined(concerns, new ObjectVerdict(keys));
    }

    private static Judgement both(Judgement one, Judgement other) {
        List<Finding> findings = new ArrayList<>(one.findings());
        findings.addAll(other.findings());
        List<Uninspected> uninspected = new ArrayList<>(one.uninspected());
        uninspected.addAll(other.uninspected());
        return new Judgement(findings, uninspected);
    }
}
