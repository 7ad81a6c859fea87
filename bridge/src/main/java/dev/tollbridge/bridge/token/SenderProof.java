package dev.tollbridge.bridge.token;

import org.jspecify.annotations.Nullable;

/// The keys a caller has proved to hold in this request; null where it has not.
///
/// @param dpopThumbprint RFC 7638 SHA-256 thumbprint, base64url: goes into `cnf.jkt` (RFC 9449)
/// @param certificateThumbprint SHA-256 of the client certificate, base64url: goes into
///   `cnf.x5t#S256` (RFC 8705)
public record SenderProof(@Nullable String dpopThumbprint, @Nullable String certificateThumbprint) {
    public static final SenderProof NONE = new SenderProof(null, null);
}
