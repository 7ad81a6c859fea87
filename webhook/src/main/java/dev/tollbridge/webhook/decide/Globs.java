package dev.tollbridge.webhook.decide;

/// `*` stands for any run of characters, an empty one too; everything else for itself. Linear: a
/// namespace has at most 63 characters, and each literal piece is looked for once, from the left.
final class Globs {

    private Globs() {}

    static boolean matches(String glob, String text) {
        String[] pieces = glob.split("\\*", -1);
        if (pieces.length == 1) {
            return glob.equals(text);
        }
        String last = pieces[pieces.length - 1];
        if (!text.startsWith(pieces[0])) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = text.indexOf(pieces[i], at);
            if (found < 0) {
                return false;
            }
            at = found + pieces[i].length();
        }
        return text.length() - last.length() >= at && text.endsWith(last);
    }
}
