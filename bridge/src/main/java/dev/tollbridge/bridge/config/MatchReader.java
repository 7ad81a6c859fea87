package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.MatchForm.AnyOf;
import dev.tollbridge.bridge.config.MatchForm.Exact;
import dev.tollbridge.bridge.config.MatchForm.Glob;
import dev.tollbridge.bridge.config.MatchForm.Prefix;
import dev.tollbridge.bridge.config.YamlNode.Mapping;
import dev.tollbridge.bridge.config.YamlNode.Member;
import dev.tollbridge.bridge.config.YamlNode.Scalar;
import dev.tollbridge.bridge.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `match`: claim references and the forms they must have.
final class MatchReader {

    static final int MAX_CLAIMS = 64;
    static final int MAX_ALTERNATIVES = 1000;
    private static final int MAX_LENGTH = 2048;
    private static final List<String> FORMS = List.of("prefix", "glob", "anyOf");

    private final Report report;

    MatchReader(Report report) {
        this.report = report;
    }

    /// @return null after a problem: half a match would match more than was meant
    @Nullable Map<String, MatchForm> read(YamlNode node, String path) {
        if (!(node instanceof Mapping mapping)) {
            refuse(
                    SchemaRule.WRONG_TYPE,
                    node,
                    path,
                    "must be a mapping of claims, not " + node.described(),
                    null);
            return null;
        }
        if (mapping.entries().isEmpty()) {
            refuse(
                    SchemaRule.EMPTY,
                    node,
                    path,
                    "names no claim, so every subject of the issuer would match",
                    "name at least one claim");
            return null;
        }
        if (mapping.entries().size() > MAX_CLAIMS) {
            refuse(SchemaRule.TOO_LARGE, node, path, "names more than 64 claims", null);
            return null;
        }
        Map<String, MatchForm> match = new LinkedHashMap<>();
        boolean sound = true;
        for (Member entry : mapping.entries()) {
            String claim = entry.name().text();
            String quoted = Problems.quoted(claim);
            String at = path + "." + quoted.substring(1, quoted.length() - 1);
            sound &= reference(entry.name(), at);
            MatchForm form = form(entry.value(), at, true);
            if (form == null) {
                sound = false;
            } else {
                match.put(claim, form);
            }
        }
        return sound ? Collections.unmodifiableMap(match) : null;
    }

    private boolean reference(Scalar name, String path) {
        String claim = name.text();
        if (claim.isBlank() || claim.length() > MAX_LENGTH) {
            refuse(SchemaRule.INVALID_VALUE, name, path, "is not a claim's name", null);
            return false;
        }
        if (claim.charAt(0) == '/') {
            for (int i = claim.indexOf('~'); i >= 0; i = claim.indexOf('~', i + 1)) {
                char next = i + 1 < claim.length() ? claim.charAt(i + 1) : ' ';
                if (next != '0' && next != '1') {
                    refuse(
                            SchemaRule.INVALID_VALUE,
                            name,
                            path,
                            "is not a JSON Pointer: '~' is followed by neither 0 nor 1 (RFC 6901)",
                            "write ~0 for '~' and ~1 for '/'");
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable MatchForm form(YamlNode node, String path, boolean mayBeAnyOf) {
        return switch (node) {
            case Scalar scalar -> exact(scalar, path);
            case Mapping mapping -> named(mapping, path, mayBeAnyOf);
            case Sequence _ ->
                    refuse(
                            SchemaRule.WRONG_TYPE,
                            node,
                            path,
                            "is a list",
                            "write {anyOf: [...]} when any of them will do");
        };
    }

    private @Nullable MatchForm exact(Scalar scalar, String path) {
        return switch (scalar.type()) {
            case TEXT ->
                    scalar.text().length() > MAX_LENGTH
                            ? refuse(SchemaRule.TOO_LARGE, scalar, path, "is too long", null)
                            : new Exact(scalar.text());
            case BOOLEAN -> new Exact(Character.toLowerCase(scalar.text().charAt(0)) == 't');
            case INTEGER, FLOAT -> {
                ShapeReader.quoteIt(report, scalar, path);
                yield null;
            }
            case NULL ->
                    refuse(
                            SchemaRule.NULL_VALUE,
                            scalar,
                            path,
                            "has no value: a claim cannot be matched by its absence",
                            "write \"\" for a claim that is empty text");
        };
    }

    private @Nullable MatchForm named(Mapping mapping, String path, boolean mayBeAnyOf) {
        for (Member entry : mapping.entries()) {
            if (!FORMS.contains(entry.name().text())) {
                return refuse(
                        SchemaRule.UNKNOWN_FIELD,
                        entry.name(),
                        path,
                        "unknown form " + Problems.quoted(entry.name().text()),
                        suggestion(entry.name().text()));
            }
        }
        if (mapping.entries().size() != 1) {
            return refuse(
                    SchemaRule.EXACTLY_ONE,
                    mapping,
                    path,
                    "exactly one of prefix, glob, anyOf must be written",
                    null);
        }
        Member entry = mapping.entries().getFirst();
        String at = path + "." + entry.name().text();
        return switch (entry.name().text()) {
            case "prefix" -> prefix(entry.value(), at);
            case "glob" -> glob(entry.value(), at);
            default -> mayBeAnyOf ? anyOf(entry.value(), at) : nested(mapping, at);
        };
    }

    private static String suggestion(String written) {
        String near = Suggestion.of(written, FORMS);
        return near != null
                ? near
                : "a claim inside a claim is named by a JSON Pointer, such as /outer/inner";
    }

    private @Nullable MatchForm nested(YamlNode node, String path) {
        return refuse(
                SchemaRule.INVALID_VALUE,
                node,
                path,
                "anyOf stands inside anyOf",
                "write one list");
    }

    private @Nullable String text(YamlNode node, String path) {
        if (!(node instanceof Scalar scalar)) {
            refuse(
                    SchemaRule.WRONG_TYPE,
                    node,
                    path,
                    "must be text, not " + node.described(),
                    null);
            return null;
        }
        String text = scalar.text();
        switch (scalar.type()) {
            case TEXT -> {
                if (!text.isEmpty() && text.length() <= MAX_LENGTH) {
                    return text;
                }
                SchemaRule rule = text.isEmpty() ? SchemaRule.EMPTY : SchemaRule.TOO_LARGE;
                refuse(rule, scalar, path, text.isEmpty() ? "is empty" : "is too long", null);
            }
            case NULL -> refuse(SchemaRule.NULL_VALUE, scalar, path, "has no value", null);
            case BOOLEAN, INTEGER, FLOAT -> ShapeReader.quoteIt(report, scalar, path);
        }
        return null;
    }

    private @Nullable MatchForm prefix(YamlNode node, String path) {
        String prefix = text(node, path);
        if (prefix == null) {
            return null;
        }
        char last = prefix.charAt(prefix.length() - 1);
        if (last != ':' && last != '/') {
            return refuse(
                    SchemaRule.INVALID_VALUE,
                    node,
                    path,
                    "must end in ':' or '/': "
                            + Problems.quoted(prefix)
                            + " is also the beginning of names that others can choose",
                    "write the prefix up to and including the next ':' or '/'");
        }
        return new Prefix(prefix);
    }

    private @Nullable MatchForm glob(YamlNode node, String path) {
        String glob = text(node, path);
        return glob == null ? null : new Glob(glob);
    }

    private @Nullable MatchForm anyOf(YamlNode node, String path) {
        if (!(node instanceof Sequence sequence)) {
            return refuse(
                    SchemaRule.WRONG_TYPE,
                    node,
                    path,
                    "must be a list, not " + node.described(),
                    null);
        }
        if (sequence.elements().isEmpty()) {
            return refuse(SchemaRule.EMPTY, node, path, "must not be empty", null);
        }
        if (sequence.elements().size() > MAX_ALTERNATIVES) {
            return refuse(
                    SchemaRule.TOO_LARGE,
                    node,
                    path,
                    "has more than " + MAX_ALTERNATIVES + " alternatives",
                    null);
        }
        List<MatchForm> forms = new ArrayList<>();
        boolean sound = true;
        for (int i = 0; i < sequence.elements().size(); i++) {
            MatchForm form = form(sequence.elements().get(i), path + "[" + i + "]", false);
            if (form == null) {
                sound = false;
            } else {
                forms.add(form);
            }
        }
        return sound ? new AnyOf(List.copyOf(forms)) : null;
    }

    private @Nullable MatchForm refuse(
            SchemaRule rule,
            YamlNode node,
            String path,
            String message,
            @Nullable String suggestion) {
        report.error(rule, node.line(), path, message, suggestion);
        return null;
    }
}
