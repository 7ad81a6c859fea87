package dev.tollbridge.bridge.http;

/// Where a listener listens, as written: `127.0.0.1:8080`, `[::1]:8080`, `:8080` (every address).
///
/// @param port 0 picks a free one
public record ListenAddress(String host, int port) {

    /// @throws IllegalArgumentException in words for whoever wrote it
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' has no port; write HOST:PORT");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "': write an IPv6 address in brackets, such as [::1]:8080");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(
                    "'" + text + "': the port is a number from 0 to 65535");
        }
        return new ListenAddress(host.isEmpty() || host.equals("*") ? "0.0.0.0" : host, port);
    }

    /// Whether only this machine can reach it. A name other than `localhost` is not looked up, and
    /// counts as reachable from elsewhere.
    public boolean loopback() {
        return host.equals("localhost") || isLoopbackLiteral(host);
    }

    private static boolean isLoopbackLiteral(String host) {
        IpAddress address = IpAddress.parse(host);
        return address != null && address.loopback();
    }

    /// As written in a URL.
    public String authority(int actualPort) {
        String name = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + actualPort;
    }
}
