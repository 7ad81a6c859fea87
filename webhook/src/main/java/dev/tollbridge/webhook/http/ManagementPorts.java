package dev.tollbridge.webhook.http;

import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What the management port shows.
///
/// @param unready why reviews should not be sent here; empty: they may be
/// @param metrics in Prometheus' text format
/// @param findings what was found of late, as JSON; takes a namespace, or nothing for all
/// @param operator whether a bearer token is an operator's
public record ManagementPorts(
        Supplier<String> unready,
        Supplier<String> metrics,
        UnaryOperator<String> findings,
        Predicate<String> operator) {}
