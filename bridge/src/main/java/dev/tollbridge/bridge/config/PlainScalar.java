package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.YamlNode.Scalar.Type;

/// The type of an unquoted scalar by the core schema of YAML 1.2 (section 10.3.2).
final class PlainScalar {

    private PlainScalar() {}

    static Type type(String text) {
        if (text.isEmpty()) {
            return Type.NULL;
        }
        return switch (text) {
            case "~", "null", "Null", "NULL" -> Type.NULL;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> Type.BOOLEAN;
            case ".nan", ".NaN", ".NAN" -> Type.FLOAT;
            default -> number(text);
        };
    }

    private static Type number(String text) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        String unsigned = text.substring(start);
        if (unsigned.equals(".inf") || unsigned.equals(".Inf") || unsigned.equals(".INF")) {
            return Type.FLOAT;
        }
        if (start == 0 && unsigned.startsWith("0x")) {
            return digits(unsigned, 2, 16) == unsigned.length() && unsigned.length() > 2
                    ? Type.INTEGER
                    : Type.TEXT;
        }
        if (start == 0 && unsigned.startsWith("0o")) {
            return digits(unsigned, 2, 8) == unsigned.length() && unsigned.length() > 2
                    ? Type.INTEGER
                    : Type.TEXT;
        }
        int whole = digits(unsigned, 0, 10);
        if (whole == unsigned.length()) {
            return whole > 0 ? Type.INTEGER : Type.TEXT;
        }
        int at = whole;
        int fraction = 0;
        if (unsigned.charAt(at) == '.') {
            int end = digits(unsigned, at + 1, 10);
            fraction = end - at - 1;
            at = end;
        }
        if (whole + fraction == 0) {
            return Type.TEXT;
        }
        if (at < unsigned.length() && (unsigned.charAt(at) == 'e' || unsigned.charAt(at) == 'E')) {
            at++;
            if (at < unsigned.length()
                    && (unsigned.charAt(at) == '-' || unsigned.charAt(at) == '+')) {
                at++;
            }
            int end = digits(unsigned, at, 10);
            if (end == at) {
                return Type.TEXT;
            }
            at = end;
        }
        return at == unsigned.length() ? Type.FLOAT : Type.TEXT;
    }

    /// @return the index of the first character from `from` on that is no digit
    private static int digits(String text, int from, int radix) {
        int at = from;
        while (at < text.length()
                && text.charAt(at) < 128
                && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        return at;
    }
}
