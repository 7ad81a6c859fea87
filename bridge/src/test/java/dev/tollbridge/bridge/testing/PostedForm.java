package dev.tollbridge.bridge.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A form as a strict server reads it: every name once.
public final class PostedForm {

    private PostedForm() {}

    public static Map<String, String> of(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", -1);
            if (parts.length != 2 || form.put(decoded(parts[0]), decoded(parts[1])) != null) {
                throw new IllegalArgumentException("not a form with each name once");
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
