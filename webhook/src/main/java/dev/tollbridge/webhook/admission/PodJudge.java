package dev.tollbridge.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.index.Entry;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.Injector;
import dev.tollbridge.webhook.pod.PodTemplates.Template;
import dev.tollbridge.webhook.pod.PodWalk;
import dev.tollbridge.webhook.pod.Reach;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges pods and templates of pods: what is written out in them, and by the index what they refer
/// to.
final class PodJudge {

    /// Kubernetes and OpenShift put these into every namespace and every pod, and write them anew
    /// where somebody else did.
    private static final Set<String> OF_THE_CLUSTER =
            Set.of("kube-root-ca.crt", "openshift-service-ca.crt");

    private final Detectors detectors;
    private final VerdictIndex index;
    private final boolean sweeps;

    /// @param sweeps whether somebody will tell the index what is stored, so that what was only
    ///   admitted does not have to be believed
    PodJudge(Detectors detectors, VerdictIndex index, boolean sweeps) {
        this.detectors = detectors;
        this.index = index;
        this.sweeps = sweeps;
    }

    Judged pod(AdmissionRequest request, @Nullable Injector injector) {
        if (!request.object().isObject()) {
            throw new IllegalArgumentException("a request without its object");
        }
        JsonNode old = request.oldObject();
        return new Judged(
                new Subject("Pod", request.namespace(), request.name(), false),
                concerns(request.object(), "", request.namespace(), injector),
                StoredJudge.isStored(old)
                        ? concerns(old, "", request.namespace(), injector)
                        : List.of(),
                _ -> {});
    }

    Judged template(AdmissionRequest request, Template template) {
        return new Judged(
                new Subject(request.kind(), request.namespace(), request.name(), true),
                concerns(template.pod(), template.path() + ".", request.namespace(), null),
                List.of(),
                _ -> {});
    }

    List<Concern> concerns(JsonNode pod, String at, String namespace, @Nullable Injector injector) {
        List<Concern> concerns = new ArrayList<>();
        for (Reach reach : PodWalk.of(pod, at)) {
            switch (reach) {
                case Reach.Literal literal -> literal(literal, concerns);
                case Reach.Reference reference -> reference(reference, namespace, concerns);
                case Reach.Opaque opaque ->
                        concerns.add(
                                new Concern.Opaque(opaque.path(), null, opaque.words(), false));
                case Reach.Storage storage ->
                        concerns.add(
                                new Concern.Opaque(storage.path(), null, storage.words(), true));
            }
        }
        if (injector != null) {
            for (String broken : injector.broken(pod)) {
                concerns.add(
                        new Concern.Broken(at + "metadata.labels[tollbridge.dev/inject]", broken));
            }
        }
        return onlyOnce(concerns);
    }

    /// A word of a command is also a part of the whole command: the same login is told once.
    private static List<Concern> onlyOnce(List<Concern> all) {
        List<Concern> kept = new ArrayList<>();
        for (Concern each : all) {
            boolean repeated =
                    each instanceof Concern.Found found
                            && kept.stream().anyMatch(other -> repeats(found, other));
            if (!repeated) {
                kept.add(each);
            }
        }
        return kept;
    }

    private static boolean repeats(Concern.Found found, Concern other) {
        return other.sameAs(found) && found.path().startsWith(other.path());
    }

    private void literal(Reach.Literal literal, List<Concern> concerns) {
        add(literal.path(), null, "", detectors.judge(literal.content()), concerns);
    }

    private static void add(
            String path,
            @Nullable StoredName source,
            String key,
            Judgement judgement,
            List<Concern> concerns) {
        for (Finding finding : judgement.findings()) {
            concerns.add(new Concern.Found(path, source, key, finding, false));
        }
        for (Uninspected uninspected : judgement.uninspected()) {
            concerns.add(new Concern.Opaque(path, source, uninspected.reason().words(), false));
        }
    }

    private void reference(Reach.Reference reference, String namespace, List<Concern> concerns) {
        StoredName name = new StoredName(reference.kind(), namespace, reference.name());
        Entry known = index.of(name);
        if (known == null) {
            if (reference.kind() != StoredKind.CONFIG_MAP
                    || !OF_THE_CLUSTER.contains(reference.name())) {
                concerns.add(new Concern.Unknown(reference.path(), name, unknown(reference)));
            }
            return;
        }
        known.verdict()
                .reachedBy(reference.keys())
                .forEach((key, judgement) -> add(reference.path(), name, key, judgement, concerns));
        if (!known.isStored() && sweeps && known.verdict().clean()) {
            concerns.add(
                    new Concern.Unknown(
                            reference.path(),
                            name,
                            "it was admitted clean and has not been seen stored yet; try again in a"
                                    + " moment"));
        }
    }

    private static String unknown(Reach.Reference reference) {
        return "no verdict on it is known: it was not written since the webhook looks, and has not"
                + " been swept"
                + (reference.optional() ? "; the pod starts without it and gets it later" : "")
                + ". Write it again (kubectl annotate --overwrite "
                + (reference.kind() == StoredKind.SECRET ? "secret " : "configmap ")
                + reference.name()
                + " tollbridge.dev/seen=true) and it is judged";
    }
}
