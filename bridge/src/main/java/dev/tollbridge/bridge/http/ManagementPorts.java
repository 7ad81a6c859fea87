package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.operator.OperatorCheck;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything the management port calls. The suppliers give trees of JSON values (maps, lists,
/// strings, numbers, booleans) without secrets; they may block.
///
/// @param issuers trusted issuers and the state of their keys
/// @param grants grants and when each was last used
/// @param keys the bridge's own signing keys: public facts only
public record ManagementPorts(
        Supplier<Readiness> readiness,
        BridgeMetrics metrics,
        Ledger ledger,
        Revocation revocation,
        JobSessions sessions,
        OperatorCheck operators,
        Supplier<List<Map<String, @Nullable Object>>> issuers,
        Supplier<List<Map<String, @Nullable Object>>> grants,
        Supplier<List<Map<String, @Nullable Object>>> targets,
        Supplier<List<Map<String, @Nullable Object>>> keys) {}
