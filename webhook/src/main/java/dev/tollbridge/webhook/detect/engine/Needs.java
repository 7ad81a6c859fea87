package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.engine.Sign.Form;
import dev.tollbridge.webhook.detect.rule.Command;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.FieldPath;
import dev.tollbridge.webhook.detect.rule.FieldRule;
import dev.tollbridge.webhook.detect.rule.WordFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a text must hold for a detector to find anything in it: of each group of signs one. A text
/// that lacks a group is not read as a document on that detector's account.
final class Needs {

    /// Words that every other file has: the rest of what a detector needs tells more, at less cost.
    private static final Set<String> COMMON =
            Set.of(
                    "access",
                    "args",
                    "config",
                    "exec",
                    "false",
                    "kind",
                    "name",
                    "path",
                    "resource",
                    "scope",
                    "scopes",
                    "token",
                    "true",
                    "type",
                    "user",
                    "version");

    private final int[][] groups;

    /// Words too short to be found in the one pass (`az`, `gh`): looked for if all else is there.
    private final List<String> later;

    private Needs(List<int[]> groups, List<String> later) {
        this.groups = groups.toArray(int[][]::new);
        this.later = List.copyOf(later);
    }

    boolean met(SignSet seen, byte[] text) {
        return met(seen) && later.stream().allMatch(word -> Words.whole(text, word));
    }

    boolean met(SignSet seen) {
        for (int[] group : groups) {
            boolean one = false;
            for (int sign : group) {
                if (seen.has(sign)) {
                    one = true;
                    break;
                }
            }
            if (!one) {
                return false;
            }
        }
        return true;
    }

    static Needs field(String name, Signs signs) {
        return new Needs(List.of(new int[] {signs.number(new Sign(name, Form.FIELD))}), List.of());
    }

    static Needs of(Command command, Signs signs) {
        List<int[]> groups = new ArrayList<>();
        List<String> later = new ArrayList<>();
        List<String> words = new ArrayList<>(command.words());
        words.add(command.program());
        for (String word : words) {
            if (word.length() < WordFinder.SHORTEST) {
                later.add(word);
            } else {
                add(groups, List.of(whole(word)), signs);
            }
        }
        return new Needs(groups, later);
    }

    static Needs of(Detector detector, Signs signs) {
        List<int[]> groups = new ArrayList<>();
        switch (detector.kind()) {
            case FILE -> {
                anchors(detector, groups, signs);
                fields(detector, groups, signs);
            }
            case ENV -> anchors(detector, groups, signs);
            case TEXT -> {
                // Where the name is asked for it is the cheaper sign.
                if (!detector.nameRequired()) {
                    anchors(detector, groups, signs);
                }
            }
            // Found at their own places, not chosen by text.
            case PREFIX, JWT, HOSTPATH, COMMAND -> {}
        }
        return new Needs(groups, List.of());
    }

    /// One of them must be there: what a variable is called, or something that a value holds.
    private static void anchors(Detector detector, List<int[]> groups, Signs signs) {
        List<Sign> anchors = new ArrayList<>();
        for (String anchor : detector.anchors()) {
            anchors.add(new Sign(anchor, detector.namedBy(anchor) ? Form.NAME : Form.LETTERS));
        }
        if (!anchors.isEmpty()) {
            add(groups, anchors, signs);
        }
    }

    private static void fields(Detector detector, List<int[]> groups, Signs signs) {
        if (detector.pivot() != null) {
            field(new Sign(detector.pivot(), Form.FIELD), groups, signs);
        }
        for (FieldRule rule : detector.required()) {
            if (rule.negated()) {
                continue;
            }
            for (Sign sign : signs(rule.path())) {
                field(sign, groups, signs);
            }
            String value = rule.written();
            if (value != null && value.length() >= WordFinder.SHORTEST) {
                field(whole(value), groups, signs);
            }
        }
        oneOf(detector.any().stream().map(Needs::rarest).toList(), groups, signs);
        oneOf(detector.token().stream().map(path -> last(signs(path))).toList(), groups, signs);
    }

    private static void field(Sign sign, List<int[]> groups, Signs signs) {
        if (!COMMON.contains(sign.text())) {
            add(groups, List.of(sign), signs);
        }
    }

    /// A choice is a sign only where each of its ways has one.
    private static void oneOf(List<List<Sign>> ways, List<int[]> groups, Signs signs) {
        List<Sign> all = ways.stream().flatMap(List::stream).toList();
        if (!ways.isEmpty()
                && ways.stream().noneMatch(List::isEmpty)
                && all.stream().noneMatch(sign -> COMMON.contains(sign.text()))) {
            add(groups, all, signs);
        }
    }

    private static List<Sign> rarest(FieldRule rule) {
        return rule.negated() ? List.of() : last(signs(rule.path()));
    }

    private static List<Sign> last(List<Sign> signs) {
        return signs.isEmpty() ? List.of() : List.of(signs.getLast());
    }

    private static List<Sign> signs(FieldPath path) {
        List<Sign> signs = new ArrayList<>();
        for (FieldPath.Part part : path.parts()) {
            if (part.name().length() < WordFinder.SHORTEST) {
                continue;
            }
            Form form =
                    switch (part.leads()) {
                        case ANYWHERE -> Form.FIELD;
                        case TO_FIELDS -> Form.SECTION;
                        case TO_FIELDS_OR_LIST -> Form.BRANCH;
                    };
            signs.add(new Sign(part.name(), form));
        }
        return signs;
    }

    private static Sign whole(String word) {
        return new Sign(word.toLowerCase(Locale.ROOT), Form.WHOLE);
    }

    private static void add(List<int[]> groups, List<Sign> oneOf, Signs signs) {
        groups.add(oneOf.stream().mapToInt(signs::number).toArray());
    }
}
