package dev.tollbridge.bridge.ledger;

/// Something an operator took away. Looked at inside reserve, so that it holds on every replica
/// that shares the ledger.
///
/// @param name the document's name; for a denied subject, the trusted issuer's name, a space, and
///   the match as JSON
public record KillSwitch(Kind kind, String name) {
    public enum Kind {
        ISSUER,
        GRANT,
        TARGET,
        SUBJECT
    }
}
