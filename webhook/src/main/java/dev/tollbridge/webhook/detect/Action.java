package dev.tollbridge.webhook.detect;

/// What a finding asks for where the webhook enforces; the namespace's mode decides what happens.
public enum Action {
    BLOCK,
    WARN
}
