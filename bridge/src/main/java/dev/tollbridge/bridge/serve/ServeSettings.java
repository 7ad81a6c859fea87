package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.bridge.http.ListenerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What `tollbridge serve` was asked to do.
///
/// @param config the directory of documents
/// @param data where keys, the record and last good key sets live
/// @param externalUrl the bridge's own issuer name; null: the listener's URL
/// @param endpoints of providers beside the built-in ones (DESIGN 14, rule 2)
/// @param explainForCallers whether whoever holds a subject token may ask what it would be given
/// @param requireDpopNonce whether every DPoP proof must carry a nonce of ours (RFC 9449 section 8)
public record ServeSettings(
        Path config,
        Path data,
        ListenerSettings listener,
        ListenAddress management,
        @Nullable String externalUrl,
        AllowedEndpoints endpoints,
        IssuanceLimits limits,
        boolean explainForCallers,
        boolean requireDpopNonce) {}
