package dev.tollbridge.bridge.config;

import java.time.LocalDate;
import java.util.Map;

/// A time-limited exemption from the webhook, as written.
///
/// @param match which of `secret`, `configMap`, `pod`, `detector`, `fingerprint` it pins, and to
///   what
/// @param expires the last UTC day on which it holds; at most 90 days ahead
public record ExemptionSpec(
        String namespace,
        Map<String, String> match,
        String reason,
        String approvedBy,
        LocalDate expires)
        implements Spec {}
