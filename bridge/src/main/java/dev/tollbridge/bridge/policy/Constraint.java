package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.issuer.Dangers.Pin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a grant is known to demand of one claim. It may demand more than is known here, never less.
final class Constraint {

    /// Exact values, prefixes and globs, one of which must fit; null: nothing is known.
    private @Nullable List<Matcher> allowed;

    private final List<Object> excluded = new ArrayList<>();
    private final List<String> excludedStarts = new ArrayList<>();
    private boolean absent;
    private boolean partial;

    void allow(List<Matcher> forms) {
        List<Matcher> flat = new ArrayList<>();
        for (Matcher form : forms) {
            if (form instanceof Matcher.OneOf(List<Matcher> any)) {
                flat.addAll(any);
            } else {
                flat.add(form);
            }
        }
        List<Matcher> known = allowed;
        if (known == null) {
            allowed = flat;
            return;
        }
        // Of two lists both hold: what is exact in one is kept where the other agrees.
        if (exact(flat)) {
            allowed = agreeing(flat, known);
        } else if (exact(known)) {
            allowed = agreeing(known, flat);
        }
    }

    private static List<Matcher> agreeing(List<Matcher> exact, List<Matcher> others) {
        List<Matcher> kept = new ArrayList<>();
        for (Matcher matcher : exact) {
            if (matcher instanceof Matcher.Exactly(Object value)
                    && others.stream().anyMatch(other -> other.matches(value))) {
                kept.add(matcher);
            }
        }
        return kept;
    }

    private static boolean exact(List<Matcher> forms) {
        return forms.stream().allMatch(form -> form instanceof Matcher.Exactly);
    }

    void exclude(Object value) {
        excluded.add(value);
    }

    void excludeStart(String start) {
        excludedStarts.add(start);
    }

    void forbid() {
        absent = true;
    }

    void markPartial() {
        partial = true;
    }

    @Nullable List<Matcher> allowed() {
        return allowed;
    }

    boolean absent() {
        return absent;
    }

    /// Compared with one or more whole values.
    boolean pinned() {
        return allowed != null && !allowed.isEmpty() && exact(allowed);
    }

    /// Compared with a part of the value only.
    boolean byPattern() {
        return partial || allowed != null && !exact(allowed);
    }

    /// No value can fit.
    boolean impossible() {
        return allowed != null && allowed.isEmpty() || absent && allowed != null;
    }

    /// Whether whatever else the grant says, the claim is restricted as the pin asks.
    boolean satisfies(Pin pin) {
        if (pin.absent()) {
            return absent;
        }
        if (absent) {
            return false;
        }
        List<Matcher> forms = allowed;
        if (forms == null) {
            return pin.only().isEmpty() && !pin.except().isEmpty() && excludesAll(pin.except());
        }
        if (!pin.only().isEmpty()) {
            return forms.stream()
                    .allMatch(form ->
                            form instanceof Matcher.Exactly(Object value)
                                    && pin.only().contains(value));
        }
        if (pin.except().isEmpty()) {
            return exact(forms);
        }
        return pin.except().stream()
                .allMatch(unsafe ->
                        excludes(unsafe) || forms.stream().noneMatch(form -> meets(form, unsafe)));
    }

    private boolean excludesAll(List<Object> unsafe) {
        return unsafe.stream().allMatch(this::excludes);
    }

    private boolean excludes(Object unsafe) {
        if (!(unsafe instanceof String text)) {
            return excluded.contains(unsafe);
        }
        boolean family = text.endsWith("*");
        String start = family ? text.substring(0, text.length() - 1) : text;
        return excludedStarts.stream().anyMatch(start::startsWith)
                || !family && excluded.contains(text);
    }

    /// Whether a value can both fit the form and be unsafe.
    private static boolean meets(Matcher form, Object unsafe) {
        if (unsafe instanceof String text && text.endsWith("*")) {
            String start = text.substring(0, text.length() - 1);
            return switch (form) {
                case Matcher.Exactly(Object value) ->
                        value instanceof String exact && exact.startsWith(start);
                case Matcher.StartsWith(String prefix) -> overlap(prefix, start);
                case Matcher.Like(GlobPattern pattern) -> overlap(pattern.literalStart(), start);
                case Matcher.OneOf(List<Matcher> any) ->
                        any.stream().anyMatch(one -> meets(one, unsafe));
            };
        }
        return form.matches(unsafe);
    }

    private static boolean overlap(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }
}
