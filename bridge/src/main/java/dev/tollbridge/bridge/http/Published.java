package dev.tollbridge.bridge.http;

import java.util.function.Supplier;

/// The documents by which others learn to trust what the bridge signs, as the bytes to serve. Each
/// supplier is called on an event loop per request: it returns what is at hand.
///
/// @param metadata the bridge's own issuer: OpenID Connect Discovery and RFC 8414 metadata in one
///   document
/// @param jwks its public keys
/// @param federationMetadata of the issuer `<external-url>/federation`
/// @param federationJwks its public keys
public record Published(
        Supplier<byte[]> metadata,
        Supplier<byte[]> jwks,
        Supplier<byte[]> federationMetadata,
        Supplier<byte[]> federationJwks) {}
