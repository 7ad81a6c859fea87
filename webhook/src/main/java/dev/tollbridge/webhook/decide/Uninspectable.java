package dev.tollbridge.webhook.decide;

/// What happens with what cannot be inspected. The namespace's mode bounds it: nothing is denied
/// where nothing is enforced.
public enum Uninspectable {
    ALLOW,
    WARN,
    DENY
}
