package dev.tollbridge.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Decider;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.decide.Words;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.inject.Injection;
import dev.tollbridge.webhook.inject.Injector;
import dev.tollbridge.webhook.pod.PodTemplates;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.Operation;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers what the API server asks: whether an object may be stored, and what a pod that asks for
/// it is given.
public final class Admission {

    private static final Set<String> POD_SUBRESOURCES = Set.of("", "ephemeralcontainers");
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Supplier<Rules> rules;
    private final VerdictIndex index;
    private final StoredJudge stored;
    private final PodJudge pods;
    private final SightingLog log;
    private final FaultLog faults;
    private final InstantSource clock;

    /// What is in force.
    ///
    /// @param inject null where nothing can be injected
    public record Rules(Settings settings, @Nullable InjectSettings inject) {
        public static final Rules DEFAULT = new Rules(Settings.DEFAULT, null);
    }

    /// Is told of what should not happen. Never with the object.
    @FunctionalInterface
    public interface FaultLog {
        void failed(AdmissionRequest request, Throwable fault);
    }

    /// @param sweeps whether the index is told what is stored
    public Admission(
            Supplier<Rules> rules,
            Detectors detectors,
            VerdictIndex index,
            boolean sweeps,
            SightingLog log,
            FaultLog faults,
            InstantSource clock) {
        this.rules = rules;
        this.index = index;
        this.stored = new StoredJudge(detectors, index);
        this.pods = new PodJudge(detectors, index, sweeps);
        this.log = log;
        this.faults = faults;
        this.clock = clock;
    }

    /// Whether the object may be stored. Throws nothing: where judging fails, an enforcing
    /// namespace refuses.
    public AdmissionAnswer validate(AdmissionRequest request) {
        Rules inForce = rules.get();
        Mode mode = inForce.settings().mode(request.namespace());
        if (mode == Mode.OFF || isMirror(request)) {
            return AdmissionAnswer.allow();
        }
        try {
            Judged judged = judge(request, inForce);
            return judged == null
                    ? AdmissionAnswer.allow()
                    : decide(request, inForce.settings(), judged);
        } catch (RuntimeException | StackOverflowError fault) {
            faults.failed(request, fault);
            return failed(mode, request.uid());
        }
    }

    private @Nullable Judged judge(AdmissionRequest request, Rules inForce) {
        if (request.operation() == Operation.CONNECT) {
            return null;
        }
        if (request.isA("", "Secret") && request.subResource().isEmpty()) {
            return stored.judge(StoredKind.SECRET, request);
        }
        if (request.isA("", "ConfigMap") && request.subResource().isEmpty()) {
            return stored.judge(StoredKind.CONFIG_MAP, request);
        }
        if (request.operation() == Operation.DELETE) {
            return null;
        }
        if (request.isPod()) {
            return POD_SUBRESOURCES.contains(request.subResource())
                    ? pods.pod(request, injector(request, inForce))
                    : null;
        }
        PodTemplates.Template template =
                PodTemplates.in(request.group(), request.kind(), request.object());
        return template == null ? null : pods.template(request, template);
    }

    private AdmissionAnswer decide(AdmissionRequest request, Settings settings, Judged judged) {
        Instant now = clock.instant();
        Ruling ruling =
                new Decider(settings, now)
                        .rule(judged.subject(), judged.concerns(), judged::wasThere);
        if (!request.dryRun()) {
            judged.remember().accept(ruling);
            log.saw(
                    new Sighting(
                            now,
                            request.uid(),
                            request.operation().name(),
                            request.user(),
                            ruling));
        }
        Words words = new Words(settings);
        List<String> warnings = words.warnings(ruling);
        Map<String, String> annotations = AuditAnnotations.of(ruling);
        return ruling.refused()
                ? AdmissionAnswer.refuse(words.refusal(ruling), warnings, annotations)
                : AdmissionAnswer.allow(warnings, annotations);
    }

    /// Stored content, as a sweep came by it: what was there before the webhook, or while it was
    /// away.
    ///
    /// @return null where there is nothing to say
    public @Nullable Ruling sweptStored(StoredKind kind, JsonNode object) {
        Settings settings = rules.get().settings();
        JsonNode metadata = object.path("metadata");
        StoredName name =
                new StoredName(
                        kind, metadata.path("namespace").asText(), metadata.path("name").asText());
        if (settings.mode(name.namespace()) == Mode.OFF) {
            return null;
        }
        StoredJudge.Examined examined = stored.examine(name, object);
        index.saw(
                name,
                new Observation.Stored(
                        examined.verdict(), metadata.path("resourceVersion").asText()));
        return swept(
                settings,
                new Subject(kind.written(), name.namespace(), name.name(), false),
                examined.concerns());
    }

    /// A pod that runs, as a sweep came by it.
    ///
    /// @return null where there is nothing to say
    public @Nullable Ruling sweptPod(JsonNode pod) {
        Rules inForce = rules.get();
        String namespace = pod.path("metadata").path("namespace").asText();
        if (inForce.settings().mode(namespace) == Mode.OFF) {
            return null;
        }
        Injector injector =
                inForce.settings().isProtected(namespace) ? null : new Injector(inForce.inject());
        return swept(
                inForce.settings(),
                new Subject("Pod", namespace, pod.path("metadata").path("name").asText(), false),
                pods.concerns(pod, "", namespace, injector));
    }

    /// Nothing can be refused any more.
    private @Nullable Ruling swept(Settings settings, Subject subject, List<Concern> concerns) {
        if (concerns.isEmpty()) {
            return null;
        }
        Instant now = clock.instant();
        Ruling ruling = new Decider(settings, now).rule(subject, concerns, _ -> true);
        log.saw(new Sighting(now, "", Sighting.SWEEP, "", ruling));
        return ruling;
    }

    /// A guard that fails open is a door: known from Kyverno's CVE-2025-46342.
    private static AdmissionAnswer failed(Mode mode, String uid) {
        String words =
                "tollbridge could not judge this request; its log says why, under the request's uid "
                        + uid;
        Map<String, String> annotations =
                Map.of("mode", mode.written(), "decision", "internal-error");
        return switch (mode) {
            case ENFORCE -> new AdmissionAnswer(false, 500, words, List.of(), annotations, null);
            case WARN -> AdmissionAnswer.allow(List.of(words), annotations);
            case OFF, AUDIT -> AdmissionAnswer.allow(List.of(), annotations);
        };
    }

    /// What a pod is given. A pod that does not ask for anything, and everything that is not a new
    /// pod, is left as it is.
    public AdmissionAnswer mutate(AdmissionRequest request) {
        if (!request.isPod()
                || !request.subResource().isEmpty()
                || request.operation() != Operation.CREATE
                || isMirror(request)) {
            return AdmissionAnswer.allow();
        }
        Rules inForce = rules.get();
        try {
            Injector injector = injector(request, inForce);
            return injector == null
                    ? AdmissionAnswer.allow()
                    : answer(injector.inject(request.object()));
        } catch (RuntimeException | StackOverflowError fault) {
            faults.failed(request, fault);
            return failed(inForce.settings().mode(request.namespace()), request.uid());
        }
    }

    private static AdmissionAnswer answer(Injection injection) {
        return switch (injection) {
            case Injection.NotAsked _ -> AdmissionAnswer.allow();
            case Injection.Refused refused ->
                    AdmissionAnswer.refuse(
                            "tollbridge cannot inject into this pod: " + refused.reason(),
                            List.of(),
                            Map.of("injection", "refused"));
            case Injection.Done done ->
                    new AdmissionAnswer(
                            true,
                            0,
                            "",
                            done.warnings(),
                            Map.of("injection", done.patch().isEmpty() ? "present" : "done"),
                            done.patch());
        };
    }

    /// Null in namespaces that the cluster depends on: nothing is put into their pods.
    private static @Nullable Injector injector(AdmissionRequest request, Rules inForce) {
        return inForce.settings().isProtected(request.namespace())
                ? null
                : new Injector(inForce.inject());
    }

    /// A static pod's mirror runs whatever is answered, and breaks when it is changed. Anybody can
    /// write the annotation; only the kubelet is believed.
    private static boolean isMirror(AdmissionRequest request) {
        JsonNode annotations = request.object().path("metadata").path("annotations");
        return request.isPod() && request.byNode() && annotations.has(MIRROR);
    }
}
