package dev.tollbridge.bridge.cli;

/// Text from outside as a terminal may be given it: a claim must not move the cursor or rewrite
/// what stands above.
final class Plain {

    private Plain() {}

    static String text(String text) {
        StringBuilder plain = null;
        for (int i = 0; i < text.length(); i++) {
            int kind = Character.getType(text.charAt(i));
            boolean hostile =
                    kind == Character.CONTROL
                            || kind == Character.FORMAT
                            || kind == Character.LINE_SEPARATOR
                            || kind == Character.PARAGRAPH_SEPARATOR;
            if (hostile && plain == null) {
                plain = new StringBuilder(text.substring(0, i));
            }
            if (plain != null) {
                plain.append(hostile ? '?' : text.charAt(i));
            }
        }
        return plain == null ? text : plain.toString();
    }
}
