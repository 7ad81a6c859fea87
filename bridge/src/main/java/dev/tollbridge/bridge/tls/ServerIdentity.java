package dev.tollbridge.bridge.tls;

import dev.tollbridge.bridge.secret.Secret;

/// What a TLS server shows and signs with.
///
/// @param certificatesPem the server's certificate, then the authority's
/// @param privateKeyPem PKCS #8
public record ServerIdentity(String certificatesPem, Secret privateKeyPem) {}
