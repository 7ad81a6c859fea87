package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.YamlNode.Scalar;

/// The type of an unquoted scalar by the core schema of YAML 1.2 (section 10.3.2).
final class PlainScalar {

    private PlainScalar() {}

    static Scalar.Type type(String text) {
        if (text.isEmpty()) {
            return Scalar.Type.NULL;
        }
        return switch (text) {
            case "~", "null", "Null", "NULL" -> Scalar.Type.NULL;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> Scalar.Type.BOOLEAN;
            case ".nan", ".NaN", ".NAN" -> Scalar.Type.FLOAT;
            default -> number(text);
        };
    }

    private static Scalar.Type number(String text) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        String unsigned = text.substring(start);
        if (unsigned.equals(".inf") || unsigned.equals(".Inf") || unsigned.equals(".INF")) {
            return Scalar.Type.FLOAT;
        }
        if (start == 0 && unsigned.startsWith("0x")) {
            return digits(unsigned, 2, 16) == unsigned.length() && unsigned.length() > 2
                    ? Scalar.Type.INTEGER
                    : Scalar.Type.TEXT;
        }
        if (start == 0 && unsigned.startsWith("0o")) {
            return digits(unsigned, 2, 8) == unsigned.length() && unsigned.length() > 2
                    ? Scalar.Type.INTEGER
                    : Scalar.Type.TEXT;
        }
        int whole = digits(unsigned, 0, 10);
        if (whole == unsigned.length()) {
            return whole > 0 ? Scalar.Type.INTEGER : Scalar.Type.TEXT;
        }
        int at = whole;
        int fraction = 0;
        if (unsigned.charAt(at) == '.') {
            int end = digits(unsigned, at + 1, 10);
            fraction = end - at - 1;
            at = end;
        }
        if (whole + fraction == 0) {
            return Scalar.Type.TEXT;
        }
        if (at < unsigned.length() && (unsigned.charAt(at) == 'e' || unsigned.charAt(at) == 'E')) {
            at++;
            if (at < unsigned.length()
                    && (unsigned.charAt(at) == '-' || unsigned.charAt(at) == '+')) {
                at++;
            }
            int end = digits(unsigned, at, 10);
            if (end == at) {
                return Scalar.Type.TEXT;
            }
            at = end;
        }
        return at == unsigned.length() ? Scalar.Type.FLOAT : Scalar.Type.TEXT;
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
