package dev.tollbridge.bridge.http;

/// The request target (RFC 9112 section 3.2).
final class RequestTarget {

    private RequestTarget() {}

    /// Path and query as sent. A server has to accept the absolute form too; its authority means
    /// nothing here.
    static String originForm(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int authority = target.startsWith("http://") ? 7 : target.startsWith("https://") ? 8 : -1;
        if (authority < 0) {
            return target;
        }
        int path = target.indexOf('/', authority);
        return path < 0 ? "/" : target.substring(path);
    }
}
