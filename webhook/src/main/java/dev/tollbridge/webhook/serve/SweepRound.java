package dev.tollbridge.webhook.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.cluster.Cluster;
import dev.tollbridge.webhook.cluster.Evictions;
import dev.tollbridge.webhook.cluster.ObjectEvents;
import dev.tollbridge.webhook.cluster.Sweep;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Words;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.Injector;
import dev.tollbridge.webhook.repair.Repairs;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The work of one sweep after another: what is stored is judged, then the pods that run; what is
/// found is told as events, and pods that missed their injection are evicted within the budget.
final class SweepRound {

    /// A cluster where everything is wrong is told by the list and the figures.
    private static final int MOST_EVENTS = 200;

    private final Admission admission;
    private final VerdictIndex index;
    private final Supplier<Rules> rules;
    private final InstantSource clock;
    private final Sweep sweep;
    private final ObjectEvents events;
    private final Evictions evictions;
    private final Repairs repairs = new Repairs();
    private final SweepFigures figures;
    private int told;

    SweepRound(
            Cluster cluster,
            Admission admission,
            VerdictIndex index,
            Supplier<Rules> rules,
            SweepFigures figures,
            InstantSource clock) {
        this.admission = admission;
        this.index = index;
        this.rules = rules;
        this.clock = clock;
        this.figures = figures;
        this.sweep = new Sweep(cluster);
        this.events = new ObjectEvents(cluster);
        this.evictions = new Evictions(cluster);
    }

    void run() {
        told = 0;
        Rules inForce = rules.get();
        repairs.begin(inForce.inject() == null ? 0 : inForce.inject().evictionsPerSweep());
        SweepFigures.Round round = figures.begin();
        // What is not known yet when the lists begin may be made while they are read.
        Map<StoredKind, Set<StoredName>> before = new EnumMap<>(StoredKind.class);
        for (StoredKind kind : StoredKind.values()) {
            before.put(kind, index.names(kind));
        }
        Set<String> namespaces = new HashSet<>();
        boolean allNamespaces =
                sweep.all(
                        "namespaces",
                        each -> namespaces.add(each.path("metadata").path("name").asText()));
        before.forEach((kind, known) -> {
            stored(kind, known, round);
            if (allNamespaces) {
                forget(known, name -> !namespaces.contains(name.namespace()));
            }
        });
        var _ = sweep.all("pods", pod -> pod(pod, inForce, round));
        round.end(clock.instant());
    }

    private void stored(StoredKind kind, Set<StoredName> before, SweepFigures.Round round) {
        Set<StoredName> there = new HashSet<>();
        boolean listed =
                sweep.all(
                        kind == StoredKind.SECRET ? "secrets" : "configmaps",
                        object -> {
                            there.add(name(kind, object));
                            Ruling ruling = admission.sweptStored(kind, object);
                            if (ruling != null && tell(kind.written(), object, ruling)) {
                                round.stored();
                            }
                        });
        if (listed) {
            forget(before, name -> !there.contains(name));
        }
    }

    private void forget(Set<StoredName> names, Predicate<StoredName> gone) {
        names.stream().filter(gone).forEach(name -> index.saw(name, new Observation.Gone()));
    }

    private static StoredName name(StoredKind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new StoredName(
                kind, metadata.path("namespace").asText(), metadata.path("name").asText());
    }

    private void pod(JsonNode pod, Rules inForce, SweepFigures.Round round) {
        if (Repairs.isEnding(pod)) {
            return;
        }
        Ruling ruling = admission.sweptPod(pod);
        if (ruling == null) {
            return;
        }
        if (tell("Pod", pod, ruling)) {
            round.login();
        }
        Ruled missed = missed(ruling);
        if (missed != null) {
            round.uninjected();
            repair(pod, inForce, missed.concern());
        }
    }

    /// @return whether there is a login
    private boolean tell(String kind, JsonNode object, Ruling ruling) {
        boolean login = false;
        for (Ruled ruled : ruling.concerns()) {
            if (ruled.concern() instanceof Concern.Found found && !found.spared()) {
                login = true;
                event(kind, object, "InteractiveLogin", Words.inOneLine(found));
            }
        }
        return login;
    }

    private static @Nullable Ruled missed(Ruling ruling) {
        for (Ruled ruled : ruling.concerns()) {
            if (ruled.concern() instanceof Concern.Broken) {
                return ruled;
            }
        }
        return null;
    }

    private void repair(JsonNode pod, Rules inForce, Concern missed) {
        boolean mendable = new Injector(inForce.inject()).wouldMend(pod);
        String left = repairs.reasonToLeave(pod, mendable);
        if (!left.isEmpty()) {
            event("Pod", pod, "InjectionMissed", Words.inOneLine(missed) + "; left: " + left);
            return;
        }
        Evictions.Result result = evictions.evict(pod);
        figures.evicted(result.written());
        switch (result) {
            case EVICTED -> {
                repairs.evicted(pod, clock.instant());
                event(
                        "Pod",
                        pod,
                        "EvictedForInjection",
                        Words.inOneLine(missed) + "; evicted, so that it is made again");
            }
            case HELD ->
                    event(
                            "Pod",
                            pod,
                            "InjectionMissed",
                            Words.inOneLine(missed)
                                    + "; left: a disruption budget does not allow its eviction now");
            case GONE, FAILED -> {}
        }
    }

    private void event(String kind, JsonNode object, String reason, String message) {
        if (told < MOST_EVENTS) {
            told++;
            events.warn(kind, object, reason, message, clock.instant());
        }
    }
}
