package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.MatchForm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether one claim's value fits. Nothing is coerced: a value of another JSON type does not fit,
/// nor does a missing one.
sealed interface Matcher {

    /// @param value the claim's value; null: it is not there
    boolean matches(@Nullable Object value);

    /// How it reads in an explanation.
    String words();

    record Exactly(Object expected) implements Matcher {
        @Override
        public boolean matches(@Nullable Object value) {
            return expected.equals(value);
        }

        @Override
        public String words() {
            return expected instanceof String text ? "'" + text + "'" : String.valueOf(expected);
        }
    }

    record StartsWith(String prefix) implements Matcher {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text && text.startsWith(prefix);
        }

        @Override
        public String words() {
            return "starts with '" + prefix + "'";
        }
    }

    record Like(GlobPattern pattern) implements Matcher {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text && pattern.matches(text);
        }

        @Override
        public String words() {
            return "fits '" + pattern + "'";
        }
    }

    record OneOf(List<Matcher> any) implements Matcher {
        @Override
        public boolean matches(@Nullable Object value) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(value)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String words() {
            List<String> words = new ArrayList<>();
            any.forEach(matcher -> words.add(matcher.words()));
            return "one of " + String.join(", ", words);
        }
    }

    /// @throws IllegalArgumentException with a sentence for the author
    static Matcher of(MatchForm form) {
        return switch (form) {
            case MatchForm.Exact(Object value) -> {
                if (!(value instanceof String) && !(value instanceof Boolean)) {
                    throw new IllegalArgumentException(
                            "a value is a text, true or false; quote a number");
                }
                yield new Exactly(value);
            }
            case MatchForm.Prefix(String prefix) -> {
                if (prefix.length() < 2 || !(prefix.endsWith(":") || prefix.endsWith("/"))) {
                    throw new IllegalArgumentException("a prefix ends in ':' or '/'");
                }
                yield new StartsWith(bounded(prefix));
            }
            case MatchForm.Glob(String glob) -> {
                if (glob.chars().allMatch(c -> c == '*')) {
                    throw new IllegalArgumentException("a glob has more than '*'");
                }
                yield new Like(new GlobPattern(bounded(glob)));
            }
            case MatchForm.AnyOf(List<MatchForm> forms) -> {
                if (forms.isEmpty()) {
                    throw new IllegalArgumentException("anyOf names at least one form");
                }
                yield new OneOf(forms.stream().map(Matcher::of).toList());
            }
        };
    }

    private static String bounded(String pattern) {
        if (pattern.length() > 1024) {
            throw new IllegalArgumentException("a pattern has at most 1024 characters");
        }
        return pattern;
    }

    /// All values that fit, where they are finitely many; null where they are not.
    default @Nullable List<Object> values() {
        return switch (this) {
            case Exactly(Object expected) -> List.of(expected);
            case OneOf(List<Matcher> any) -> {
                List<Object> all = new ArrayList<>();
                for (Matcher matcher : any) {
                    List<Object> some = matcher.values();
                    if (some == null) {
                        yield null;
                    }
                    all.addAll(some);
                }
                yield all.stream().distinct().toList();
            }
            case StartsWith _, Like _ -> null;
        };
    }
}
