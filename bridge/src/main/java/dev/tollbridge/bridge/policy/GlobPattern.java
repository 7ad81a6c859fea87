package dev.tollbridge.bridge.policy;

import java.util.Arrays;

/// `*` stands for any run of characters other than `:` and `/`, an empty run too; everything else
/// stands for itself.
///
/// Each `*` takes as little as it can. That finds a match wherever there is one: a `*` that took
/// more could only take characters other than `:` and `/`, and those the next `*` can take as well.
/// Literal pieces are found with Knuth, Morris and Pratt's tables, so the time is linear in the
/// text whatever the pattern.
final class GlobPattern {

    private final String glob;
    private final String[] pieces;
    private final int[][] tables;

    GlobPattern(String glob) {
        this.glob = glob;
        this.pieces = glob.split("\\*+", -1);
        this.tables = new int[pieces.length][];
        for (int i = 0; i < pieces.length; i++) {
            tables[i] = table(pieces[i]);
        }
    }

    boolean matches(String text) {
        if (pieces.length == 1) {
            return text.equals(glob);
        }
        String first = pieces[0];
        String last = pieces[pieces.length - 1];
        if (!text.startsWith(first)) {
            return false;
        }
        int at = first.length();
        for (int i = 1; i < pieces.length - 1; i++) {
            at = end(text, at, pieces[i], tables[i]);
            if (at < 0) {
                return false;
            }
        }
        int tail = text.length() - last.length();
        return tail >= at && text.endsWith(last) && crossable(text, at, tail);
    }

    /// Where the first occurrence of the piece ends that can be reached without crossing a
    /// separator, or -1.
    private static int end(String text, int from, String piece, int[] table) {
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            while (matched > 0 && piece.charAt(matched) != c) {
                int kept = table[matched - 1];
                if (!crossable(piece, 0, matched - kept)) {
                    return -1;
                }
                matched = kept;
            }
            if (piece.charAt(matched) == c) {
                matched++;
                if (matched == piece.length()) {
                    return i + 1;
                }
            } else if (separator(c)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean crossable(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (separator(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean separator(char c) {
        return c == ':' || c == '/';
    }

    private static int[] table(String piece) {
        int[] table = new int[piece.length()];
        int matched = 0;
        for (int i = 1; i < piece.length(); i++) {
            while (matched > 0 && piece.charAt(i) != piece.charAt(matched)) {
                matched = table[matched - 1];
            }
            if (piece.charAt(i) == piece.charAt(matched)) {
                matched++;
            }
            table[i] = matched;
        }
        return table;
    }

    /// What every match starts with.
    String literalStart() {
        return pieces[0];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GlobPattern pattern && Arrays.equals(pieces, pattern.pieces);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pieces);
    }

    @Override
    public String toString() {
        return glob;
    }
}
