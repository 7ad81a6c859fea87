package dev.tollbridge.bridge.token;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The URI of an HTTP request, brought into the one form in which two are compared: syntax-based
/// and scheme-based normalisation (RFC 3986 sections 6.2.2 and 6.2.3), without query and fragment
/// (RFC 9449 section 4.3).
final class HttpUri {

    private static final int MAX_LENGTH = 2048;

    private HttpUri() {}

    /// @return null when the text is not an absolute `http` or `https` URI of at most 2,048
    ///   characters, or has user information
    static @Nullable String normalised(String text) {
        if (text.length() > MAX_LENGTH || !printable(text)) {
            return null;
        }
        int colon = text.indexOf("://");
        if (colon < 0) {
            return null;
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return null;
        }
        String rest = withoutQuery(text.substring(colon + 3));
        int slash = rest.indexOf('/');
        String authority = authority(slash < 0 ? rest : rest.substring(0, slash), scheme);
        String path = slash < 0 ? "/" : percentNormalised(rest.substring(slash));
        return authority == null || path == null
                ? null
                : scheme + "://" + authority + withoutDotSegments(path);
    }

    private static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '\\' || c == '"' || c == '<' || c == '>') {
                return false;
            }
        }
        return true;
    }

    private static String withoutQuery(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) == '?' || rest.charAt(i) == '#') {
                return rest.substring(0, i);
            }
        }
        return rest;
    }

    /// The host in lower case, and the port unless it is empty or the scheme's own.
    private static @Nullable String authority(String authority, String scheme) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', bracket + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        if (host.isEmpty() || host.indexOf('@') >= 0 || host.indexOf('%') >= 0) {
            return null;
        }
        for (int i = 0; i < port.length(); i++) {
            if (port.charAt(i) < '0' || port.charAt(i) > '9') {
                return null;
            }
        }
        String lower = host.toLowerCase(Locale.ROOT);
        boolean own = port.equals(scheme.equals("https") ? "443" : "80");
        return port.isEmpty() || own ? lower : lower + ":" + port;
    }

    /// Unreserved characters stand for themselves, all other escapes in upper case; null when an
    /// escape is broken.
    private static @Nullable String percentNormalised(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder normalised = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                normalised.append(c);
                continue;
            }
            if (i + 2 >= path.length()) {
                return null;
            }
            int high = Character.digit(path.charAt(i + 1), 16);
            int low = Character.digit(path.charAt(i + 2), 16);
            if (high < 0 || low < 0) {
                return null;
            }
            char meant = (char) (high * 16 + low);
            if (unreserved(meant)) {
                normalised.append(meant);
            } else {
                normalised
                        .append('%')
                        .append(Character.toUpperCase(path.charAt(i + 1)))
                        .append(Character.toUpperCase(path.charAt(i + 2)));
            }
            i += 2;
        }
        return normalised.toString();
    }

    /// RFC 3986 section 2.3.
    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /// RFC 3986 section 5.2.4, for a path that starts with a slash.
    private static String withoutDotSegments(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        StringBuilder kept = new StringBuilder(path.length());
        int from = 0;
        while (from < path.length()) {
            int to = path.indexOf('/', from + 1);
            int end = to < 0 ? path.length() : to;
            String segment = path.substring(from + 1, end);
            boolean last = to < 0;
            if (segment.equals("..")) {
                kept.setLength(Math.max(0, kept.lastIndexOf("/")));
            } else if (!segment.equals(".")) {
                kept.append('/').append(segment);
            }
            if (last && (segment.equals("..") || segment.equals("."))) {
                kept.append('/');
            }
            from = end;
        }
        return kept.isEmpty() ? "/" : kept.toString();
    }
}
