package dev.tollbridge.webhook.decide;

/// Names that a stranger chose, made fit for one line of a terminal or log.
final class PlainText {

    private PlainText() {}

    static String of(String text, int longest) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), longest));
        text.codePoints()
                .limit(longest + 1L)
                .forEach(c -> out.appendCodePoint(isPlain(c) ? c : '?'));
        if (out.length() <= longest) {
            return out.toString();
        }
        return out.substring(0, longest - 3) + "...";
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
