package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every door builds: one subject token, one or more targets, and how the caller proved what
/// it holds.
///
/// @param targets in the order the answer will have; at least one
public record ExchangeRequest(
        Secret subjectToken, List<TargetRequest> targets, Proof proof, Caller caller) {

    /// @param dpop the values of the `DPoP` header, as sent; more than one is refused
    /// @param method the request's method, for `htm`
    /// @param url the door's public URL without query and fragment, for `htu`
    /// @param certificateThumbprint of the client certificate the TLS connection was made with, or
    ///   null
    /// @param possible whether the door can carry a proof at all (DESIGN 14, rule 11)
    public record Proof(
            List<String> dpop,
            String method,
            String url,
            @Nullable String certificateThumbprint,
            boolean possible) {}

    /// @param door as in metrics: `token`, `jwt-bearer`, `credentials`, `aws`, ...
    /// @param peer the caller's address, without port
    public record Caller(String door, String peer, @Nullable String userAgent) {}
}
