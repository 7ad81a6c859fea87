package dev.tollbridge.bridge.claims;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A text with claims in it: `{{claim}}`, or `{{claim|filter|filter}}`. Parsed once, filled for
/// every token.
///
/// A claim is named as everywhere: plainly, dots and all, or by a JSON Pointer that starts with
/// `/`. Filters work from left to right; {@link TemplateFilter} lists them. There is no default
/// value on purpose: a claim that is missing, empty, or neither a string, an integer nor a boolean
/// refuses, because an empty piece in a role's session name or a tag would make two workloads look
/// the same.
public final class Template {

    private static final int MAX_LENGTH = 1024;
    private static final int MAX_PLACEHOLDERS = 16;

    private record Placeholder(String claim, List<TemplateFilter> filters) {}

    private final String text;

    /// One more than there are placeholders: what stands before, between and after them.
    private final List<String> literals;

    private final List<Placeholder> placeholders;

    private Template(String text, List<String> literals, List<Placeholder> placeholders) {
        this.text = text;
        this.literals = List.copyOf(literals);
        this.placeholders = List.copyOf(placeholders);
    }

    /// @throws IllegalArgumentException when the text is not a template; the message is for the
    ///   person who wrote it
    public static Template parse(String text) {
        require(text.length() <= MAX_LENGTH, "a template has at most 1024 characters");
        List<String> literals = new ArrayList<>();
        List<Placeholder> placeholders = new ArrayList<>();
        int from = 0;
        while (true) {
            int open = text.indexOf("{{", from);
            String literal = open < 0 ? text.substring(from) : text.substring(from, open);
            require(!literal.contains("}}"), "'}}' without '{{' before it");
            literals.add(literal);
            if (open < 0) {
                break;
            }
            int close = text.indexOf("}}", open + 2);
            require(close >= 0, "'{{' without '}}' after it");
            placeholders.add(placeholder(text.substring(open + 2, close)));
            from = close + 2;
        }
        require(placeholders.size() <= MAX_PLACEHOLDERS, "a template has at most 16 placeholders");
        return new Template(text, literals, placeholders);
    }

    private static Placeholder placeholder(String inside) {
        require(!inside.contains("{{"), "'{{' inside '{{ }}'");
        List<TemplateFilter> filters = new ArrayList<>();
        int pipe = inside.indexOf('|');
        String claim = (pipe < 0 ? inside : inside.substring(0, pipe)).strip();
        require(!claim.isEmpty(), "'{{ }}' needs the name of a claim");
        while (pipe >= 0) {
            int next = inside.indexOf('|', pipe + 1);
            String filter =
                    next < 0 ? inside.substring(pipe + 1) : inside.substring(pipe + 1, next);
            filters.add(TemplateFilter.parse(filter.strip()));
            pipe = next;
        }
        return new Placeholder(claim, List.copyOf(filters));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// The claims it needs, in the order they stand.
    public List<String> claims() {
        List<String> names = new ArrayList<>(placeholders.size());
        for (Placeholder placeholder : placeholders) {
            names.add(placeholder.claim);
        }
        return names;
    }

    /// How many claims stand in it; 0: the text is the same for every token.
    public int placeholders() {
        return placeholders.size();
    }

    /// What stands around the claims, joined: the same in every text that is filled.
    public String literals() {
        return String.join("", literals);
    }

    /// @throws Refusal `claim_malformed` when a claim is missing, empty, or neither a string, an
    ///   integer nor a boolean, or when a filter leaves nothing of it
    public String fill(Claims claims) {
        return fill(claims, UnaryOperator.identity());
    }

    /// @param escape applied to each value after its filters, and never to the text between them
    /// @throws Refusal as {@link #fill(Claims)}
    public String fill(Claims claims, UnaryOperator<String> escape) {
        StringBuilder filled = new StringBuilder(64).append(literals.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            filled.append(escape.apply(value(placeholders.get(i), claims)))
                    .append(literals.get(i + 1));
        }
        return filled.toString();
    }

    private static String value(Placeholder placeholder, Claims claims) {
        String value = textOf(claims.at(placeholder.claim));
        if (value == null || value.isEmpty()) {
            throw new Refusal(
                    RefusalReason.CLAIM_MALFORMED,
                    "claim '"
                            + placeholder.claim
                            + "' is needed as a non-empty string, integer or boolean");
        }
        for (TemplateFilter filter : placeholder.filters) {
            value = filter.apply(value);
        }
        if (value.isEmpty()) {
            throw new Refusal(
                    RefusalReason.CLAIM_MALFORMED,
                    "claim '" + placeholder.claim + "' is empty after its filters");
        }
        return value;
    }

    /// A string as it is, integers and booleans as JSON writes them; null for everything else.
    public static @Nullable String textOf(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> Long.toString(number);
            case BigInteger number -> number.toString();
            case Boolean truth -> truth ? "true" : "false";
            case null, default -> null;
        };
    }

    /// The template as written.
    @Override
    public String toString() {
        return text;
    }
}
