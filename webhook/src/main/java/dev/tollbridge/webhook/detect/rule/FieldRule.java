package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.Node;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One condition on a tree: `path` (is there and not empty), `path=value`, `path=null` (is there,
/// and null), `path~/regex/`; a leading `!` turns it round.
public final class FieldRule {

    /// Longer strings are not what our patterns are for.
    private static final int MAX_MATCHED = 64 * 1024;

    private final String text;
    private final boolean negated;
    private final FieldPath path;
    private final @Nullable String value;
    private final @Nullable Pattern pattern;

    private FieldRule(
            String text,
            boolean negated,
            FieldPath path,
            @Nullable String value,
            @Nullable Pattern pattern) {
        this.text = text;
        this.negated = negated;
        this.path = path;
        this.value = value;
        this.pattern = pattern;
    }

    public static FieldRule parse(String text) {
        boolean negated = text.startsWith("!");
        String rule = negated ? text.substring(1) : text;
        int search =
                rule.lastIndexOf("/}.") >= 0
                        ? rule.lastIndexOf("/}.") + 2
                        : rule.endsWith("/}") ? rule.length() : 0;
        int tilde = rule.indexOf("~/", search);
        int equals = rule.indexOf('=', search);
        if (tilde >= 0 && (equals < 0 || tilde < equals)) {
            String regex = rule.substring(tilde + 2, rule.length() - 1).replace("\\/", "/");
            return new FieldRule(
                    text,
                    negated,
                    FieldPath.parse(rule.substring(0, tilde)),
                    null,
                    Pattern.compile(regex));
        }
        if (equals >= 0) {
            FieldPath path = FieldPath.parse(rule.substring(0, equals));
            return new FieldRule(text, negated, path, rule.substring(equals + 1), null);
        }
        return new FieldRule(text, negated, FieldPath.parse(rule), null, null);
    }

    public boolean holds(Node node, Budget budget) {
        boolean found = path.visit(node, budget, candidate -> !fits(candidate, budget));
        return found != negated;
    }

    private boolean fits(Node node, Budget budget) {
        if (value != null) {
            return node instanceof Node.Scalar scalar
                    && value.equals(scalar.text() == null ? "null" : scalar.text());
        }
        if (pattern != null) {
            if (!(node instanceof Node.Scalar scalar)
                    || scalar.text() == null
                    || scalar.text().length() > MAX_MATCHED) {
                return false;
            }
            budget.steps(scalar.text().length());
            return pattern.matcher(scalar.text()).find();
        }
        return switch (node) {
            case Node.Scalar scalar -> scalar.text() != null && !scalar.text().isEmpty();
            case Node.Mapping mapping -> !mapping.entries().isEmpty();
            case Node.Sequence sequence -> !sequence.items().isEmpty();
        };
    }

    public boolean negated() {
        return negated;
    }

    public FieldPath path() {
        return path;
    }

    /// The value that the text must hold for this rule to hold; null where it cannot be said.
    public @Nullable String written() {
        boolean decoded = path.toString().contains("@");
        return negated || decoded || "null".equals(value) ? null : value;
    }

    @Override
    public String toString() {
        return text;
    }
}
