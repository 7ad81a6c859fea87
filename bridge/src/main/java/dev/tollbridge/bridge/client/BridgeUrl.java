package dev.tollbridge.bridge.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;

/// The address of a bridge, as a caller writes it: https, or http on this machine only, since
/// tokens travel there.
///
/// @param text without a slash at its end
public record BridgeUrl(String text) {

    /// @throws IllegalArgumentException in words for whoever wrote it
    public static BridgeUrl parse(String written) {
        checked(written);
        return new BridgeUrl(
                written.endsWith("/") ? written.substring(0, written.length() - 1) : written);
    }

    /// Any URL that a token may be sent to.
    ///
    /// @throws IllegalArgumentException in words for whoever wrote it
    static URI checked(String written) {
        URI uri;
        try {
            uri = new URI(written);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("this is no URL", e);
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("write it like https://tollbridge.example");
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        if (!https && !(http && loopback(uri.getHost()))) {
            throw new IllegalArgumentException(
                    "tokens are sent there, so it has to be https (http only on this machine)");
        }
        return uri;
    }

    /// Names other than `localhost` are not looked up.
    private static boolean loopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    public BridgeUrl {
        URI uri = checked(text);
        if (uri.getRawQuery() != null) {
            throw new IllegalArgumentException("write it without a query");
        }
    }

    /// @param path with a slash at its start
    public URI at(String path) {
        return URI.create(text + path);
    }
}
