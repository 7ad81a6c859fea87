package dev.tollbridge.webhook.detect.engine;

import java.util.Locale;

/// A word that a text must hold, and how it must stand there, for a detector to be worth trying.
///
/// A sign may stand where the detector then finds nothing, never the other way round: where a
/// reader would find the field, the sign is seen.
///
/// @param text as the detector has it
record Sign(String text, Form form) {

    enum Form {
        /// The letters in any case, anywhere.
        LETTERS,

        /// In any case, with nothing of a word before or after.
        WHOLE,

        /// What a variable is called, or ends with: followed by what may follow a name.
        NAME,

        /// A field, exactly so written: a colon, an equals sign or a bracket follows.
        FIELD,

        /// A field that holds fields: what follows is not the beginning of a value or a list.
        SECTION,

        /// A field that holds fields or a list.
        BRANCH,

        /// A letter, digit or mark of a name, written as an escape: it may hide any word.
        ESCAPE
    }

    /// Blanks and quotes between a name and its colon; what has more is taken for a name.
    private static final int MOST_BETWEEN = 64;

    String folded() {
        return text.toLowerCase(Locale.ROOT);
    }

    /// @param start where the letters, in any case, stand
    boolean stands(byte[] in, int start, int end) {
        return switch (form) {
            case LETTERS -> true;
            case WHOLE -> !Words.goesOn(in, end) && Words.begins(in, start);
            case NAME -> !Words.goesOn(in, end) && endsName(in, end);
            case FIELD -> field(in, start, end) && endsField(in, afterName(in, end));
            case SECTION -> field(in, start, end) && opens(in, afterName(in, end), false);
            case BRANCH -> field(in, start, end) && opens(in, afterName(in, end), true);
            case ESCAPE -> hides(in, text.startsWith("\\x") ? start + 2 : end);
        };
    }

    private boolean field(byte[] in, int start, int end) {
        return !Words.goesOn(in, end) && Words.begins(in, start) && exact(in, start);
    }

    private boolean exact(byte[] in, int start) {
        for (int i = 0; i < text.length(); i++) {
            if ((char) (in[start + i] & 0xff) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// In a pair `{name: X, value: Y}` a comma or the line's end follows.
    private static boolean endsName(byte[] in, int end) {
        int i = end;
        while (i < in.length && i - end < MOST_BETWEEN) {
            switch (in[i]) {
                case ' ', '\t', '"', '\'', '\\' -> i++;
                case ':', '=', ',', '\n', '\r', ']', '}', '#' -> {
                    return true;
                }
                default -> {
                    // the escape of a line's end, inside a string
                    return in[i - 1] == '\\' && (in[i] == 'n' || in[i] == 'r');
                }
            }
        }
        return true;
    }

    private static int afterName(byte[] in, int end) {
        int i = end;
        while (i < in.length && i - end < MOST_BETWEEN && between(in[i])) {
            i++;
        }
        return i - end == MOST_BETWEEN ? in.length : i;
    }

    private static boolean between(byte b) {
        return b == '"' || b == '\'' || b == '\\' || b == ' ' || b == '\t' || b == '\r'
                || b == '\n';
    }

    private static boolean endsField(byte[] in, int at) {
        if (at >= in.length) {
            return true;
        }
        return switch (in[at]) {
            case ':', '=', ']', '.', '#' -> true;
            default -> false;
        };
    }

    private static boolean opens(byte[] in, int at, boolean list) {
        if (at >= in.length || !endsField(in, at)) {
            return at >= in.length;
        }
        if (in[at] != ':' && in[at] != '=') {
            return true;
        }
        int i = at + 1;
        while (i < in.length && i - at < MOST_BETWEEN && (in[i] == ' ' || in[i] == '\t')) {
            i++;
        }
        if (i >= in.length || i - at == MOST_BETWEEN) {
            return true;
        }
        return switch (in[i]) {
            case '[' -> list;
            case '{', '\n', '\r', '&', '!', '#', '*', '\\' -> true;
            default -> false;
        };
    }

    /// Two hexadecimal digits follow, and they are those of something that names are made of.
    private static boolean hides(byte[] in, int at) {
        if (at + 2 > in.length) {
            return false;
        }
        int high = Character.digit(in[at], 16);
        int low = Character.digit(in[at + 1], 16);
        byte letter = (byte) (high << 4 | low);
        return high >= 0
                && low >= 0
                && (Words.of(letter) || letter == '-' || letter == '.' || letter == '/');
    }
}
