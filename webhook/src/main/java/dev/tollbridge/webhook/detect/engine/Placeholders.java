package dev.tollbridge.webhook.detect.engine;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells a credential from what documentation, templates and tests put where one would be.
///
/// A token is random: it has no words, no template marks and more than two different characters.
final class Placeholders {

    private static final int LEAST = 8;

    /// Template marks: shell, Helm, GitHub, Terraform, Windows, angle brackets, an ellipsis.
    private static final Pattern MARKS =
            Pattern.compile("[<>{}]|\\$[\\w(]|%\\w+%|\\.\\.\\.|…|\\*{3}|\\[[A-Za-z ]");

    /// Of a program rather than a token: a call, a quotation, a sentence.
    private static final Pattern CODE = Pattern.compile("[\\s()\"';`]");

    /// An identifier: `request.old_value`, `self.refresh_grant,`, `Sample.Access.Token`. A random
    /// text of one case, or of words with dots, without a digit is rare.
    private static final Pattern IDENTIFIER =
            Pattern.compile(
                    "[a-z_.]{1,60}[,;]?|[A-Z]{3,20}(?:_[A-Z]{3,20}){1,6}"
                            + "|(?:[A-Za-z]?[a-z]{1,20}\\.){1,6}[A-Za-z]?[a-z]{1,20}[,;]?");

    /// Words that a random text of this length does not hold by chance: six letters or more, or
    /// whole between marks.
    private static final Pattern WORDS =
            Pattern.compile(
                    "example|placeholder|redacted|changeme|change[_-]me|replace|dummy-|insert[_-]|secret"
                            + "|xxxxxx|000000000000|password|(^|[_-])(your|my|some|the|test)[_-]"
                            + "|(refresh|access|auth|oauth|api|user)[_-]?token|1234567890|abcdefgh");

    /// Of RFC 6749 and 7519, and of jwt.io; copied into documentation everywhere.
    private static final Set<String> KNOWN =
            Set.of(
                    "tgzv3jokf0xg5qx2tlkwia",
                    "2yotnfzfejr1zcsicmwpaa",
                    "mf_9.b5f-4.1jqm",
                    "gho_16c7e42f292c6912e7710c838347ae178b4a",
                    "ghu_16c7e42f292c6912e7710c838347ae178b4a",
                    "ghr_1b4a2e77838347a7e420ce178f2e7c6912e169246c34e1ccbf66c46812d16d5b1a9dc86a1498");

    private static final Set<String> KNOWN_JWT_PARTS =
            Set.of("eyjzdwiioiixmjm0nty3odkwiiwibmftzsi6ikpvag4grg9liiw");

    private Placeholders() {}

    /// @param prefix how much of the value is fixed by its form, and so says nothing
    static boolean real(String value, int prefix) {
        if (value.length() - prefix < LEAST) {
            return false;
        }
        String rest = value.substring(prefix);
        // Documents in a value (a token as JSON) have braces of their own.
        boolean document = rest.startsWith("{") || rest.startsWith("[");
        if (!document
                && (MARKS.matcher(bounded(rest)).find() || rest.chars().distinct().count() < 3)) {
            return false;
        }
        if (!document
                && (CODE.matcher(bounded(rest)).find() || IDENTIFIER.matcher(rest).matches())) {
            return false;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (KNOWN.contains(lower)) {
            return false;
        }
        if (lower.startsWith("eyj") && KNOWN_JWT_PARTS.stream().anyMatch(lower::contains)) {
            return false;
        }
        // Long values are random enough to hold a short word by chance.
        return document
                || rest.length() > 400
                || lower.startsWith("eyj")
                || !WORDS.matcher(rest.toLowerCase(Locale.ROOT)).find();
    }

    private static String bounded(String value) {
        return value.length() > 4096 ? value.substring(0, 4096) : value;
    }
}
