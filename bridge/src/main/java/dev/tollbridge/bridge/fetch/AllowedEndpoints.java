package dev.tollbridge.bridge.fetch;

import dev.tollbridge.bridge.fetch.FetchFailure.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the bridge may send its own proof: a provider's built-in endpoint, or one that whoever
/// started the bridge has named (`serve --allow-endpoint`), never one that only a document names
/// (DESIGN 14, rule 2).
public final class AllowedEndpoints {

    /// None beside the built-in ones.
    public static final AllowedEndpoints NONE = new AllowedEndpoints(List.of(), null);

    private final List<URI> allowed;
    private final @Nullable String trustedPem;

    private AllowedEndpoints(List<URI> allowed, @Nullable String trustedPem) {
        this.allowed = List.copyOf(allowed);
        this.trustedPem = trustedPem;
    }

    /// @param urls `https`, or `http` on loopback for emulators; each allows itself and the paths
    ///   below it
    /// @param trustedPem what to trust at these endpoints instead of the system's certificates
    /// @throws IllegalArgumentException naming the URL that cannot be one
    public static AllowedEndpoints of(Collection<String> urls, @Nullable String trustedPem) {
        List<URI> allowed = new ArrayList<>();
        for (String url : urls) {
            try {
                allowed.add(FetchUrl.check(URI.create(url), true));
            } catch (FetchFailure | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "not an endpoint: " + url + " (https, or http on localhost)", e);
            }
        }
        return new AllowedEndpoints(allowed, trustedPem);
    }

    /// Whether a document may name this endpoint.
    public boolean contains(String url) {
        try {
            return contains(FetchUrl.check(URI.create(url), true));
        } catch (FetchFailure | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean contains(URI uri) {
        return allowed.stream().anyMatch(known -> covers(known, uri));
    }

    /// An endpoint and what a request to it may do.
    public record Endpoint(URI uri, FetchRules rules) {

        /// Below this endpoint.
        ///
        /// @param path starts with a slash; already escaped
        public URI at(String path) {
            String base = uri.toString();
            return URI.create(
                    (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        }
    }

    /// @param builtIn the provider's own
    /// @param written what the document says instead, or null
    /// @throws FetchFailure `URL_REFUSED` when the one that is written is not allowed
    public Endpoint choose(String builtIn, @Nullable String written) throws FetchFailure {
        if (written == null || written.equals(builtIn)) {
            return new Endpoint(URI.create(builtIn), FetchRules.DEFAULT);
        }
        return named(written);
    }

    /// An endpoint that no provider has built in.
    ///
    /// @throws FetchFailure `URL_REFUSED` when it is not allowed
    public Endpoint named(String written) throws FetchFailure {
        URI uri = FetchUrl.check(URI.create(written), true);
        if (!contains(uri)) {
            throw new FetchFailure(
                    Kind.URL_REFUSED,
                    uri.getHost() + " is not on --allow-endpoint, so nothing is sent there");
        }
        FetchRules rules = FetchRules.DEFAULT.withAllowPrivate(true).withTrustedPem(trustedPem);
        return new Endpoint(
                uri, "http".equals(uri.getScheme()) ? rules.withPlainOnLoopback() : rules);
    }

    private static boolean covers(URI known, URI uri) {
        return known.getScheme().equals(uri.getScheme())
                && known.getHost().equalsIgnoreCase(uri.getHost())
                && port(known) == port(uri)
                && below(path(known), path(uri));
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    private static boolean below(String known, String path) {
        String folder = known.endsWith("/") ? known : known + "/";
        return !path.contains("/../")
                && !path.endsWith("/..")
                && (path.equals(known) || path.startsWith(folder));
    }
}
