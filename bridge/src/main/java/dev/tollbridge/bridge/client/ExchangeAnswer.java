package dev.tollbridge.bridge.client;

/// What came of asking for a credential.
public sealed interface ExchangeAnswer {

    record Issued(TokenAnswer token) implements ExchangeAnswer {}

    record Refused(RefusedByBridge refusal) implements ExchangeAnswer {}
}
