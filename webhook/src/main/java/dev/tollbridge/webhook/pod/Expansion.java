package dev.tollbridge.webhook.pod;

import java.util.HashMap;
import java.util.Map;

/// Kubernetes puts the values of variables where `$(NAME)` stands in later variables, commands and
/// arguments (`k8s.io/kubernetes/third_party/forked/golang/expansion`). What a container sees is
/// the result, so that is what is judged: a login cut in two variables is whole again in a third.
final class Expansion {

    /// More than a pod may hold altogether; doubling a variable thirty times stays below it only
    /// for a moment.
    static final int LONGEST = 2 * 1024 * 1024;

    private final Map<String, String> values = new HashMap<>();
    private boolean overflown;

    void define(String name, String value) {
        values.put(name, value);
    }

    /// Whether some text would have grown beyond the bound, and was left as it was written.
    boolean overflown() {
        return overflown;
    }

    String expand(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                out.append(c);
                i++;
                continue;
            }
            char next = text.charAt(i + 1);
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (next == '(') {
                i = reference(text, i, out);
            } else {
                out.append(c);
                i++;
            }
            if (out.length() > LONGEST) {
                overflown = true;
                return text;
            }
        }
        return out.toString();
    }

    private int reference(String text, int at, StringBuilder out) {
        int end = text.indexOf(')', at);
        if (end < 0) {
            out.append(text, at, at + 2);
            return at + 2;
        }
        String value = values.get(text.substring(at + 2, end));
        if (value == null) {
            out.append(text, at, end + 1);
        } else {
            out.append(value);
        }
        return end + 1;
    }
}
