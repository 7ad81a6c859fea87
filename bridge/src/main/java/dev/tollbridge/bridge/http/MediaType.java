package dev.tollbridge.bridge.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which `Content-Type` the doors read: the type alone, or with `charset=utf-8`.
final class MediaType {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private MediaType() {}

    static boolean isForm(@Nullable String header) {
        return FORM.equals(header) || is(FORM, header);
    }

    static boolean isJson(@Nullable String header) {
        return JSON.equals(header) || is(JSON, header);
    }

    private static boolean is(String type, @Nullable String header) {
        if (header == null) {
            return false;
        }
        int semicolon = header.indexOf(';');
        String written = semicolon < 0 ? header : header.substring(0, semicolon);
        if (!written.strip().equalsIgnoreCase(type)) {
            return false;
        }
        if (semicolon < 0) {
            return true;
        }
        String parameter = header.substring(semicolon + 1).strip().toLowerCase(Locale.ROOT);
        return parameter.isEmpty()
                || parameter.equals("charset=utf-8")
                || parameter.equals("charset=\"utf-8\"");
    }
}
