package dev.tollbridge.bridge.http;

import java.util.List;

/// Whether the bridge should be sent requests.
///
/// @param reasons what is wrong, in words for the operator; may hold warnings (such as a stale
///   configuration) while it is ready
public record Readiness(boolean ready, List<String> reasons) {}
