package dev.tollbridge.webhook.http;

/// Where a listener listens.
///
/// @param port 0 picks a free one
public record ListenAt(String host, int port) {

    String authority(int actualPort) {
        String name = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + actualPort;
    }
}
