package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.lifecycle.Introspection;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.operator.OperatorCheck;
import java.util.function.Supplier;

/// Everything the public doors call.
///
/// @param externalUrl the bridge's own issuer name, without a slash at its end: what `htu` of a
///   DPoP proof is compared with, whatever `Host` says. Asked per request, because with port 0 it
///   may be known only once the listener is up
/// @param explainForCallers whether `POST /explain` answers callers who are no operators
public record BridgePorts(
        Exchange exchange,
        JobSessions sessions,
        Revocation revocation,
        Introspection introspection,
        ReceiptedRefusals refusals,
        OperatorCheck operators,
        Published published,
        Supplier<String> externalUrl,
        boolean explainForCallers) {}
