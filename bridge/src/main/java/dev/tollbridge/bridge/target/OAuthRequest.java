package dev.tollbridge.bridge.target;

/// How another server is asked for a token.
public enum OAuthRequest {
    /// RFC 8693.
    TOKEN_EXCHANGE,
    /// RFC 7523 section 2.1.
    JWT_BEARER,
    /// A form of the service's own, with the token in a parameter that its preset names.
    ASSERTION
}
