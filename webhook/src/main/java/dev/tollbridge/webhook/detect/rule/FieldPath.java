package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.JsonReader;
import dev.tollbridge.webhook.detect.parse.Jwt;
import dev.tollbridge.webhook.detect.parse.Node;
import dev.tollbridge.webhook.detect.parse.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A way to fields in a tree: names joined by dots; `*` any name or item; `{/regex/}` a name that
/// matches; `@jwt` the claims of the JWT in that string; `@json` the document in that string.
public final class FieldPath {

    private sealed interface Step {}

    private record Name(String name) implements Step {}

    private record Any() implements Step {}

    private record Matching(Pattern pattern) implements Step {}

    private record InJwt() implements Step {}

    private record InJson() implements Step {}

    /// Takes one node that the path leads to; false ends the search.
    @FunctionalInterface
    public interface Visitor {
        boolean visit(Node node);
    }

    private final String text;
    private final List<Step> steps;

    private FieldPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    public static FieldPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end;
            if (text.startsWith("{/", at)) {
                int close = text.indexOf("/}", at);
                steps.add(new Matching(Pattern.compile(text.substring(at + 2, close))));
                end = close + 2;
            } else {
                end = at;
                while (end < text.length()
                        && text.charAt(end) != '.'
                        && (text.charAt(end) != '@' || end == at)) {
                    end++;
                }
                steps.add(step(text.substring(at, end)));
            }
            at = end < text.length() && text.charAt(end) == '.' ? end + 1 : end;
        }
        return new FieldPath(text, steps);
    }

    private static Step step(String word) {
        return switch (word) {
            case "*" -> new Any();
            case "@jwt" -> new InJwt();
            case "@json" -> new InJson();
            default -> new Name(word);
        };
    }

    /// The name that the tree must have at the path's beginning, where the path says it.
    @Nullable String firstName() {
        return !steps.isEmpty() && steps.getFirst() instanceof Name name ? name.name() : null;
    }

    /// What a name on the way leads to.
    public enum Leads {
        /// to the end of the way
        ANYWHERE,
        TO_FIELDS,
        TO_FIELDS_OR_LIST
    }

    /// A name on the way.
    public record Part(String name, Leads leads) {}

    /// The names that a text must hold, as names of fields, for this path to lead anywhere in it.
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step next = i + 1 < steps.size() ? steps.get(i + 1) : null;
            switch (steps.get(i)) {
                case InJwt(), InJson() -> {
                    // what is inside is written in another alphabet
                    return parts;
                }
                case Name(String name) -> parts.add(new Part(name, leads(next)));
                case Any(), Matching(Pattern _) -> {}
            }
        }
        return parts;
    }

    private static Leads leads(@Nullable Step next) {
        return switch (next) {
            case Name _, Matching _ -> Leads.TO_FIELDS;
            case Any _ -> Leads.TO_FIELDS_OR_LIST;
            case null -> Leads.ANYWHERE;
            case InJwt _, InJson _ -> Leads.ANYWHERE;
        };
    }

    /// @return whether the search was ended by the visitor
    public boolean visit(Node from, Budget budget, Visitor visitor) {
        return visit(from, 0, budget, visitor);
    }

    private boolean visit(Node node, int step, Budget budget, Visitor visitor) {
        budget.step();
        if (step == steps.size()) {
            return !visitor.visit(node);
        }
        return switch (steps.get(step)) {
            case Name(String name) -> named(node, name, step, budget, visitor);
            case Any() -> children(node, null, step, budget, visitor);
            case Matching(Pattern pattern) -> children(node, pattern, step, budget, visitor);
            case InJwt() -> inside(node, true, step, budget, visitor);
            case InJson() -> inside(node, false, step, budget, visitor);
        };
    }

    private boolean named(Node node, String name, int step, Budget budget, Visitor visitor) {
        if (node instanceof Node.Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                budget.step();
                if (entry.key().equals(name) && visit(entry.value(), step + 1, budget, visitor)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean children(
            Node node, @Nullable Pattern pattern, int step, Budget budget, Visitor visitor) {
        switch (node) {
            case Node.Mapping mapping -> {
                for (Node.Entry entry : mapping.entries()) {
                    budget.step();
                    boolean fits =
                            pattern == null
                                    || (entry.key().length() < 1000
                                            && pattern.matcher(entry.key()).find());
                    if (fits && visit(entry.value(), step + 1, budget, visitor)) {
                        return true;
                    }
                }
            }
            case Node.Sequence sequence -> {
                for (Node item : sequence.items()) {
                    if (pattern == null && visit(item, step + 1, budget, visitor)) {
                        return true;
                    }
                }
            }
            case Node.Scalar _ -> {}
        }
        return false;
    }

    private boolean inside(Node node, boolean jwt, int step, Budget budget, Visitor visitor) {
        if (!(node instanceof Node.Scalar scalar) || scalar.text() == null) {
            return false;
        }
        if (jwt) {
            Node claims = Jwt.claims(scalar.text(), budget);
            return claims != null && visit(claims, step + 1, budget, visitor);
        }
        byte[] json = scalar.text().getBytes(StandardCharsets.UTF_8);
        try {
            for (Node root : JsonReader.read(json, 0, json.length, budget)) {
                if (visit(root, step + 1, budget, visitor)) {
                    return true;
                }
            }
        } catch (Unreadable e) {
            return false;
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
