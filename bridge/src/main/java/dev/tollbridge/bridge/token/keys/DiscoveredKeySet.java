package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// OpenID Connect Discovery 1.0: the issuer's document says where its keys are.
///
/// The document must name exactly this issuer (section 4.3). Its `jwks_uri` may be on another host,
/// as Google's and GKE's are; the same rules for URLs and addresses hold there. It is believed for
/// a while, and looked at again at once when the keys are no longer where it said.
///
/// Used by one thread at a time: fetching is single flight.
final class DiscoveredKeySet implements KeySetSource {

    private final String issuer;
    private final Get get;
    private final InstantSource clock;
    private final Duration believed;
    private @Nullable String keysUrl;
    private Instant discoveredAt = Instant.MIN;

    /// An https GET within the issuer's rules.
    interface Get {
        byte[] from(String url) throws KeySetUnavailable;
    }

    DiscoveredKeySet(String issuer, Get get, InstantSource clock, Duration believed) {
        this.issuer = issuer;
        this.get = get;
        this.clock = clock;
        this.believed = believed;
    }

    @Override
    public synchronized byte[] read() throws KeySetUnavailable {
        Instant now = clock.instant();
        String url = keysUrl;
        if (url == null || !now.isBefore(discoveredAt.plus(believed))) {
            url = discover();
            discoveredAt = now;
        }
        // Forgotten until it has proved right, so that the next attempt discovers anew.
        keysUrl = null;
        byte[] keys = get.from(url);
        keysUrl = url;
        return keys;
    }

    private String discover() throws KeySetUnavailable {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            Claims document =
                    StrictJson.object(get.from(base + "/.well-known/openid-configuration"));
            if (!issuer.equals(document.string("issuer"))) {
                throw new KeySetUnavailable("the discovery document names another issuer");
            }
            String url = document.string("jwks_uri");
            if (url == null) {
                throw new KeySetUnavailable("the discovery document has no jwks_uri");
            }
            return FetchUrl.parse(url).toString();
        } catch (StrictJson.Malformed e) {
            throw new KeySetUnavailable("the discovery document is " + e.getMessage());
        } catch (FetchFailure e) {
            throw new KeySetUnavailable("jwks_uri: " + e.getMessage());
        }
    }
}
