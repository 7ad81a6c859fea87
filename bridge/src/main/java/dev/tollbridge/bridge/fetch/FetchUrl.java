package dev.tollbridge.bridge.fetch;

import java.net.URI;
import java.net.URISyntaxException;

/// Which URLs are fetched: absolute, `https`, a host, a sensible port, nothing that hides another
/// destination or a credential.
public final class FetchUrl {

    private static final int MAX_LENGTH = 2048;

    private FetchUrl() {}

    /// @throws FetchFailure of kind {@link FetchFailure.Kind#URL_REFUSED}
    public static URI parse(String text) throws FetchFailure {
        if (text.length() > MAX_LENGTH) {
            throw refused("longer than " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            // java.net.URI lets other scripts and escaped controls through, which readers of one
            // URL can understand differently.
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                throw refused("holds characters a URL cannot hold");
            }
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused("not a URL");
        }
        return check(uri);
    }

    static URI check(URI uri) throws FetchFailure {
        return check(uri, false);
    }

    static URI check(URI uri, boolean plainOnLoopback) throws FetchFailure {
        boolean plain = plainOnLoopback && "http".equals(uri.getScheme()) && namesLoopback(uri);
        if (!plain && !"https".equals(uri.getScheme())) {
            throw refused("not https");
        }
        if (uri.isOpaque() || uri.getHost() == null || uri.getHost().isEmpty()) {
            throw refused("no host");
        }
        if (uri.getRawUserInfo() != null) {
            throw refused("holds user information");
        }
        if (uri.getRawFragment() != null) {
            throw refused("holds a fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw refused("no such port");
        }
        if (uri.getHost().indexOf('%') >= 0) {
            throw refused("holds an address zone");
        }
        if (isOddNumber(uri.getHost())) {
            throw refused("a number for a host");
        }
        return uri;
    }

    /// Whether the host, as written, is this machine: nobody's name server is asked about these.
    static boolean namesLoopback(URI uri) {
        String host = uri.getHost();
        return host != null
                && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
    }

    /// Whether the host ends like an address without being a plain one: `2130706433`, `127.1`.
    /// Resolvers read such hosts as addresses, each in its own way.
    private static boolean isOddNumber(String host) {
        int lastLabel = host.lastIndexOf('.', host.length() - 2) + 1;
        char first = host.charAt(lastLabel);
        if (first < '0' || first > '9') {
            return false;
        }
        return host.chars().filter(c -> c == '.').count() != 3
                || !host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static FetchFailure refused(String why) {
        return new FetchFailure(FetchFailure.Kind.URL_REFUSED, "URL refused: " + why);
    }
}
