package dev.tollbridge.webhook.registration;

import static dev.tollbridge.webhook.registration.NamespaceConditions.quoted;

import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Outcome;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Kind;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.inject.Injector;
import dev.tollbridge.webhook.pod.HostPaths;
import dev.tollbridge.webhook.pod.PodWalk;
import dev.tollbridge.webhook.pod.VariableKinds;
import dev.tollbridge.webhook.pod.VolumeKinds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What can be said of a pod by its structure alone, as CEL: the kinds of volumes and variables
/// that {@link PodWalk} walks into, paths of the node that the catalogue knows, and the token that
/// pods that ask for one are given.
public final class StructuralRules {

    /// @param outcome where a namespace enforces
    /// @param holds CEL, true where there is nothing to say
    record Rule(Outcome outcome, String holds, String message) {}

    record Variable(String name, String expression) {}

    /// `dyn`, because members are asked for their names. A pod's volumes cannot change, so they are
    /// looked at once; of an update only containers that are new.
    static final List<Variable> VARIABLES =
            List.of(
                    new Variable(
                            "volumes",
                            "dyn(request.operation == 'CREATE' && has(object.spec.volumes) ?"
                                    + " object.spec.volumes : [])"),
                    new Variable(
                            "before",
                            "dyn(oldObject != null && has(oldObject.spec.ephemeralContainers) ?"
                                    + " oldObject.spec.ephemeralContainers.map(c, c.name) : [])"),
                    new Variable("containers", containers()),
                    new Variable(
                            "paths",
                            "variables.volumes.filter(v, has(v.hostPath)).map(v, v.hostPath.path)"));

    private final Settings settings;
    private final @Nullable InjectSettings inject;
    private final List<Detector> folders;
    private final Instant now;

    /// @param inject null where nothing can be injected
    /// @param now at which exemptions hold: CEL knows no time
    public StructuralRules(Settings settings, @Nullable InjectSettings inject, Instant now) {
        this.settings = settings;
        this.inject = inject;
        this.now = now;
        this.folders =
                Catalogue.shipped().detectors().stream()
                        .filter(detector -> detector.kind() == Kind.HOSTPATH)
                        .toList();
    }

    private static String containers() {
        List<String> lists = new ArrayList<>();
        for (String name : PodWalk.CONTAINER_LISTS) {
            String all = "(has(object.spec." + name + ") ? object.spec." + name + " : [])";
            lists.add(
                    name.equals("ephemeralContainers")
                            ? all
                            : "(request.operation == 'CREATE' ? " + all + " : [])");
        }
        return "dyn(" + String.join(" + ", lists) + ").filter(c, !(c.name in variables.before))";
    }

    List<Rule> of(Outcome outcome) {
        return all().stream().filter(rule -> rule.outcome() == outcome).toList();
    }

    private List<Rule> all() {
        Outcome opaque =
                switch (settings.uninspectable()) {
                    case ALLOW -> Outcome.RECORDED;
                    case WARN -> Outcome.WARNED;
                    case DENY -> Outcome.REFUSED;
                };
        List<Rule> rules = new ArrayList<>();
        rules.add(rule(opaque, volumes(), "a volume whose content cannot be inspected"));
        rules.add(rule(opaque, projections(), "a projection of an unknown kind"));
        rules.add(rule(opaque, variables(), "a variable of an unknown source"));
        rules.add(rule(opaque, lists(), "a list of containers of an unknown kind"));
        folder(rules, Outcome.REFUSED, Action.BLOCK);
        folder(rules, Outcome.WARNED, Action.WARN);
        injected(rules);
        return rules;
    }

    private Rule rule(Outcome outcome, String holds, String message) {
        String exempt = exempt();
        return new Rule(
                outcome, exempt.isEmpty() ? holds : exempt + " || (" + holds + ")", message);
    }

    private static String volumes() {
        Set<String> fine = new TreeSet<>(VolumeKinds.WALKED);
        fine.remove("hostPath");
        fine.addAll(VolumeKinds.HARMLESS);
        fine.add("name");
        Set<String> disks = new TreeSet<>(VolumeKinds.STORAGE.keySet());
        disks.remove("ephemeral");
        String claim = "v.ephemeral.volumeClaimTemplate.spec";
        return "variables.volumes.all(v, v.all(k, "
                + in("k", fine)
                + " || "
                + in("k", disks)
                + " || (k == 'ephemeral' && !has("
                + claim
                + ".dataSource) && !has("
                + claim
                + ".dataSourceRef)) || (k == 'csi' && "
                + in("v.csi.driver", VolumeKinds.WORKLOAD_IDENTITY_DRIVERS)
                + ") || (k == 'hostPath' && !v.hostPath.path.contains('..') && "
                + NamespaceConditions.list(HostPaths.OF_THE_SYSTEM)
                + ".exists(f, v.hostPath.path == f || v.hostPath.path.startsWith(f + '/')))))";
    }

    private static String projections() {
        Set<String> known = new TreeSet<>(VolumeKinds.HARMLESS_PROJECTIONS);
        known.addAll(List.of("secret", "configMap"));
        return "variables.volumes.all(v, !has(v.projected) || !has(v.projected.sources) ||"
                + " v.projected.sources.all(s, s.all(k, "
                + in("k", known)
                + ")))";
    }

    private static String variables() {
        return "variables.containers.all(c, (!has(c.env) || c.env.all(e, !has(e.valueFrom) ||"
                + " e.valueFrom.all(k, "
                + in("k", VariableKinds.ofOne())
                + "))) && (!has(c.envFrom) || c.envFrom.all(f, f.all(k, "
                + in("k", VariableKinds.OF_MANY)
                + "))))";
    }

    private static String lists() {
        return "dyn(object.spec).all(k, "
                + in("k", PodWalk.CONTAINER_LISTS)
                + " || type(dyn(object.spec)[k]) != list || dyn(object.spec)[k].all(e, type(e) !="
                + " map || !('image' in e || 'env' in e || 'envFrom' in e)))";
    }

    /// A path that is both is what the graver says, as in the webhook.
    private void folder(List<Rule> rules, Outcome outcome, Action action) {
        List<String> patterns =
                folders.stream()
                        .filter(detector -> detector.podAction() == action)
                        .map(Detector::value)
                        .filter(Objects::nonNull)
                        .map(StructuralRules::anySlashes)
                        .map(pattern -> "(?:" + pattern + ")")
                        .toList();
        if (!patterns.isEmpty()) {
            rules.add(
                    rule(
                            outcome,
                            "variables.paths.all(p, !p.matches("
                                    + quoted(String.join("|", patterns))
                                    + "))",
                            "a path of the node where people's logins are kept"));
        }
    }

    /// `//` and `/./` are `/`: the webhook takes them out first, which CEL cannot.
    private static String anySlashes(@Nullable Pattern pattern) {
        String source = pattern == null ? "" : pattern.pattern();
        StringBuilder regex = new StringBuilder();
        boolean within = false;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                regex.append(c).append(source.charAt(++i));
                continue;
            }
            within = c == '[' || (within && c != ']');
            regex.append(c == '/' && !within ? "(?:/(?:/|\\./)*)" : String.valueOf(c));
        }
        return regex.toString();
    }

    private void injected(List<Rule> rules) {
        if (inject == null) {
            return;
        }
        String asks =
                "has(object.metadata.labels) && "
                        + quoted(Injector.LABEL)
                        + " in object.metadata.labels && object.metadata.labels["
                        + quoted(Injector.LABEL)
                        + "] == 'true'";
        // There is no exemption from it.
        rules.add(
                new Rule(
                        Outcome.REFUSED,
                        "request.operation != 'CREATE' || "
                                + in("request.namespace", settings.protectedNamespaces())
                                + " || !("
                                + asks
                                + ") || variables.volumes.exists(v, v.name == "
                                + quoted(Injector.TOKEN_VOLUME)
                                + " && has(v.projected) && has(v.projected.sources) &&"
                                + " v.projected.sources.exists(s, has(s.serviceAccountToken) &&"
                                + " has(s.serviceAccountToken.audience) &&"
                                + " s.serviceAccountToken.audience == "
                                + quoted(inject.audience())
                                + "))",
                        "it asks for injection and does not have what is injected"));
    }

    /// Pods that are exempt as a whole.
    private String exempt() {
        List<String> pods = new ArrayList<>();
        for (Exemption exemption : settings.exemptions()) {
            if (exemption.holds(now) && exemption.match().keySet().equals(Set.of("pod"))) {
                pods.add(exemption.namespace() + "/" + exemption.match().get("pod"));
            }
        }
        return pods.isEmpty()
                ? ""
                : in(
                        "(request.namespace + '/' + (request.name != '' ? request.name :"
                                + " has(object.metadata.name) ? object.metadata.name : ''))",
                        pods);
    }

    private static String in(String what, Collection<String> words) {
        return what + " in " + NamespaceConditions.list(words.stream().sorted().toList());
    }
}
