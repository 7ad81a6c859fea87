package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Carrier;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.CommandLines;
import dev.tollbridge.webhook.detect.parse.Node;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Evidence;
import dev.tollbridge.webhook.detect.rule.FieldPath;
import dev.tollbridge.webhook.detect.rule.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the structure of a document proves; then every value in it, as a content of its own.
final class Structures {

    private static final int MAX_MATCHED = 64 * 1024;

    /// Judges a value; the engine's own entrance.
    @FunctionalInterface
    interface Values {
        void inspect(byte[] value, Trail trail, @Nullable Draft owner);
    }

    private final Compiled compiled;
    private final Budget budget;
    private final Sightings sightings;
    private final Tokens tokens;
    private final Values values;

    Structures(
            Compiled compiled, Budget budget, Sightings sightings, Tokens tokens, Values values) {
        this.compiled = compiled;
        this.budget = budget;
        this.sightings = sightings;
        this.tokens = tokens;
        this.values = values;
    }

    void document(Node root, Hits hits, Trail trail, @Nullable Draft whole) {
        budget.part();
        Tree tree = new Tree(root, budget);
        Set<Node> allowed = workloads(tree);
        IdentityHashMap<Node, Draft> owners = new IdentityHashMap<>();
        for (int d : compiled.files) {
            Detector detector = compiled.detectors.get(d);
            if (hits.candidate(d) && eligible(detector, trail)) {
                match(detector, tree, root, allowed, owners, trail, whole);
            }
        }
        hostPaths(tree, trail);
        if (hits.command()) {
            commands(tree, trail);
        }
        if (trail.depth() < BOUND) {
            leaves(tree, allowed, owners, trail, whole);
        }
    }

    private static final int BOUND = 6;

    private static boolean eligible(Detector detector, Trail trail) {
        return (!detector.sqlite() || trail.row())
                && (!detector.nameRequired() || detector.named(trail.name()));
    }

    /// Allow rules first. Only what stands in the very mapping is a workload's: what is nested in
    /// it may be anything.
    private Set<Node> workloads(Tree tree) {
        Set<Node> allowed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Workload workload : compiled.workloads) {
            if (workload.pivot() == null) {
                continue;
            }
            for (Node.Mapping mapping : tree.having(workload.pivot())) {
                boolean holds =
                        workload.required().stream().allMatch(rule -> rule.holds(mapping, budget))
                                && (workload.any().isEmpty()
                                        || workload.any().stream()
                                                .anyMatch(rule -> rule.holds(mapping, budget)));
                if (holds) {
                    mapping.entries().forEach(entry -> allowed.add(entry.value()));
                }
            }
        }
        return allowed;
    }

    private void match(
            Detector detector,
            Tree tree,
            Node root,
            Set<Node> allowed,
            IdentityHashMap<Node, Draft> owners,
            Trail trail,
            @Nullable Draft whole) {
        List<Node.Mapping> places =
                detector.pivot() != null
                        ? tree.having(detector.pivot())
                        : root instanceof Node.Mapping mapping ? List.of(mapping) : List.of();
        for (Node.Mapping mapping : places) {
            if (!holds(detector, mapping)) {
                continue;
            }
            List<Node.Scalar> credential = credential(detector, mapping, allowed);
            if (credential.isEmpty()) {
                continue;
            }
            Sighting sighting = sighting(detector, mapping, credential, trail);
            Draft draft = sightings.add(sighting, trail.place(credential.getFirst().line()), whole);
            if (draft != null) {
                own(detector, mapping, draft, owners);
            }
        }
    }

    private boolean holds(Detector detector, Node.Mapping mapping) {
        return detector.required().stream().allMatch(rule -> rule.holds(mapping, budget))
                && (detector.any().isEmpty()
                        || detector.any().stream().anyMatch(rule -> rule.holds(mapping, budget)));
    }

    /// The values that are the login; for a detector of records without a secret, what it is about.
    private List<Node.Scalar> credential(
            Detector detector, Node.Mapping mapping, Set<Node> allowed) {
        List<Node.Scalar> found = new ArrayList<>();
        for (FieldPath path : detector.token()) {
            path.visit(
                    mapping,
                    budget,
                    node -> {
                        if (node instanceof Node.Scalar scalar
                                && scalar.text() != null
                                && !allowed.contains(scalar)
                                && Placeholders.real(scalar.text(), 0)) {
                            found.add(scalar);
                        }
                        return found.size() < 100;
                    });
            if (!found.isEmpty()) {
                return found;
            }
        }
        if (detector.token().isEmpty()) {
            String about = detector.id() + " at line " + mapping.line();
            found.add(new Node.Scalar(about, mapping.line()));
        }
        return found;
    }

    private Sighting sighting(
            Detector detector, Node.Mapping mapping, List<Node.Scalar> credential, Trail trail) {
        List<String> texts =
                credential.stream().map(scalar -> String.valueOf(scalar.text())).toList();
        Pattern shape = detector.shape();
        boolean shaped =
                shape != null
                        && texts.stream()
                                .anyMatch(text ->
                                        text.length() < MAX_MATCHED && shape.matcher(text).find());
        Confidence confidence =
                shaped || detector.named(trail.name()) ? Confidence.HIGH : detector.confidence();
        String key = detector.token().isEmpty() ? "" : detector.token().getFirst().toString();
        for (Evidence evidence : detector.evidence()) {
            if (evidence.when().stream().allMatch(rule -> rule.holds(mapping, budget))) {
                return new Sighting(
                        detector,
                        evidence.verdict(),
                        evidence.action(),
                        confidence,
                        key,
                        evidence.because(),
                        texts);
            }
        }
        return Sighting.of(detector, confidence, key, texts);
    }

    /// What stands beside the credential is part of the same login.
    private void own(
            Detector detector,
            Node.Mapping mapping,
            Draft draft,
            IdentityHashMap<Node, Draft> owners) {
        for (Node.Entry entry : mapping.entries()) {
            if (entry.value() instanceof Node.Scalar) {
                owners.merge(entry.value(), draft, Structures::higher);
            } else if (detector.covered(entry.key())) {
                for (Tree.Leaf leaf : new Tree(entry.value(), budget).leaves()) {
                    owners.merge(leaf.scalar(), draft, Structures::higher);
                }
            }
        }
    }

    private static Draft higher(Draft one, Draft other) {
        return one.rank() >= other.rank() ? one : other;
    }

    private void leaves(
            Tree tree,
            Set<Node> allowed,
            IdentityHashMap<Node, Draft> owners,
            Trail trail,
            @Nullable Draft whole) {
        for (Tree.Leaf leaf : tree.leaves()) {
            budget.step();
            String text = leaf.scalar().text();
            if (text == null || text.length() < 8 || allowed.contains(leaf.scalar())) {
                continue;
            }
            Draft owner = owners.getOrDefault(leaf.scalar(), whole);
            values.inspect(
                    text.getBytes(StandardCharsets.UTF_8),
                    trail.value(leaf.key(), leaf.scalar().line()),
                    owner);
        }
    }

    /// A name and its value: a variable, a key of a Secret, a member of a document.
    ///
    /// @return the draft that the value is then part of
    @Nullable Draft named(byte[] bytes, Hits hits, Trail trail, @Nullable Draft owner) {
        if (bytes.length > MAX_MATCHED || trail.carrier() == Carrier.COMMAND) {
            return owner;
        }
        Draft draft = owner;
        String name = trail.name().substring(trail.name().lastIndexOf('/') + 1);
        for (int d : compiled.variables) {
            Detector detector = compiled.detectors.get(d);
            Pattern form = detector.value();
            if (form == null || !hits.candidate(d)) {
                continue;
            }
            budget.steps(name.length());
            if (detector.variables().stream()
                    .noneMatch(variable -> variable.matcher(name).find())) {
                continue;
            }
            String value = new String(bytes, StandardCharsets.UTF_8).strip();
            budget.steps(value.length());
            Pattern exclude = detector.exclude();
            if (form.matcher(value).find()
                    && (exclude == null || !exclude.matcher(value).find())
                    && Placeholders.real(value, 0)
                    && !tokens.workloadJwt(value)) {
                Draft added =
                        sightings.add(
                                Sighting.of(detector, detector.confidence(), "", List.of(value)),
                                trail.place(0),
                                draft);
                draft = added == null ? draft : added;
            }
        }
        return draft;
    }

    /// `hostPath: {path: ...}` of manifests, `volumes: ["source:target"]` of compose files.
    private void hostPaths(Tree tree, Trail trail) {
        for (Node.Mapping mapping : tree.having("hostPath")) {
            Node path = mapping.get("hostPath");
            if (path instanceof Node.Mapping inner
                    && inner.get("path") instanceof Node.Scalar scalar
                    && scalar.text() != null) {
                hostPath(scalar.text(), trail, scalar.line());
            }
        }
        for (Tree.Leaf leaf : tree.leaves()) {
            String text = leaf.scalar().text();
            if (leaf.key().equals("volumes") && text != null && text.indexOf(':') > 0) {
                char first = text.charAt(0);
                if (first == '/' || first == '~' || first == '.' || first == '$') {
                    hostPath(
                            text.substring(
                                    0, text.indexOf(':', first == '$' ? text.indexOf('}') + 1 : 0)),
                            trail,
                            leaf.scalar().line());
                }
            }
        }
    }

    void hostPath(String path, Trail trail, int line) {
        if (path.length() > 4096) {
            return;
        }
        String plain = path.replaceAll("/{2,}", "/").replace("/./", "/");
        Detector best = null;
        for (int d : compiled.hostPaths) {
            Detector detector = compiled.detectors.get(d);
            Pattern pattern = detector.value();
            if (pattern != null) {
                budget.steps(plain.length());
                if (pattern.matcher(plain).find()
                        && (best == null
                                || (best.podAction() == Action.WARN
                                        && detector.podAction() == Action.BLOCK))) {
                    best = detector;
                }
            }
        }
        if (best != null) {
            sightings.add(
                    Sighting.of(best, best.confidence(), "hostPath", List.of("hostPath " + plain)),
                    trail.place(line),
                    null);
        }
    }

    private void commands(Tree tree, Trail trail) {
        for (String key : List.of("command", "entrypoint", "args")) {
            for (Node.Mapping mapping : tree.having(key)) {
                Node begin =
                        mapping.get("command") == null
                                ? mapping.get("entrypoint")
                                : mapping.get("command");
                if (key.equals("args") && begin != null) {
                    continue;
                }
                boolean container = mapping.get("image") != null || mapping.get("name") == null;
                String script = words(begin) + " " + words(mapping.get("args"));
                command(
                        script,
                        container,
                        trail,
                        line(begin == null ? mapping.get("args") : begin));
            }
        }
        for (Tree.Leaf leaf : tree.leaves()) {
            if (Scripts.key(leaf.key()) && leaf.scalar().text() != null) {
                command(leaf.scalar().text(), false, trail, leaf.scalar().line());
            }
        }
    }

    private static int line(@Nullable Node node) {
        return node == null ? 0 : node.line();
    }

    private static String words(@Nullable Node node) {
        return switch (node) {
            case null -> "";
            case Node.Scalar scalar -> scalar.text() == null ? "" : scalar.text();
            case Node.Sequence sequence -> {
                StringBuilder words = new StringBuilder();
                for (Node item : sequence.items()) {
                    if (item instanceof Node.Scalar scalar) {
                        words.append(scalar.text()).append(' ');
                    }
                }
                yield words.toString();
            }
            case Node.Mapping _ -> "";
        };
    }

    /// @param pod whether a container would run it
    void command(String script, boolean pod, Trail trail, int line) {
        for (CommandLines.Line command : CommandLines.read(script, budget)) {
            String program = Commands.program(command.words().getFirst());
            for (Detector detector : compiled.running(program)) {
                if (Commands.match(detector, program, command.words(), budget)) {
                    String words = String.join(" ", command.words());
                    sightings.add(
                            new Sighting(
                                    detector,
                                    detector.verdict(),
                                    pod ? detector.podAction() : detector.action(),
                                    detector.confidence(),
                                    "command",
                                    detector.provenance(),
                                    List.of("command " + words)),
                            trail.place(line == 0 ? command.line() : line + command.line() - 1),
                            null);
                }
            }
        }
    }
}
