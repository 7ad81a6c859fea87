package dev.tollbridge.webhook.detect.engine;

/// Where words begin and end in bytes.
final class Words {

    private Words() {}

    static boolean of(byte b) {
        return b == '_'
                || (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z');
    }

    static boolean goesOn(byte[] text, int end) {
        return end < text.length && of(text[end]);
    }

    /// No word goes on here; after an escape (`\n`, `%3D`) one begins though a letter is before it.
    static boolean begins(byte[] text, int start) {
        if (start == 0 || !of(text[start]) || !of(text[start - 1])) {
            return true;
        }
        if (start < 2) {
            return false;
        }
        byte before = text[start - 1];
        if (text[start - 2] == '\\') {
            return before == 'n' || before == 't' || before == 'r';
        }
        return start >= 3 && text[start - 3] == '%' && text[start - 2] <= '9';
    }

    /// Whether a word, in any case, stands somewhere by itself.
    static boolean whole(byte[] text, String word) {
        int first = Character.toLowerCase(word.charAt(0));
        for (int i = 0; i + word.length() <= text.length; i++) {
            if ((text[i] | ' ') == first
                    && same(text, i, word)
                    && !goesOn(text, i + word.length())
                    && begins(text, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] text, int at, String word) {
        for (int i = 1; i < word.length(); i++) {
            if (Character.toLowerCase(text[at + i] & 0xff)
                    != Character.toLowerCase(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
