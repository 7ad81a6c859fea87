package dev.tollbridge.webhook.review;

/// What is asked of the API server. `CONNECT` never reaches a webhook that does not ask for it.
public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
}
