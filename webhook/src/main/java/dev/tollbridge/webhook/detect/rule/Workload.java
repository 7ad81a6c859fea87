package dev.tollbridge.webhook.detect.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An allow rule: what it recognises is a workload's own credential.
///
/// @param pivot the name a mapping has when `required` and `any` are tried on it; null for a JWT
/// @param jwt conditions on a JWT's claims
public record Workload(
        String id,
        @Nullable String pivot,
        List<FieldRule> required,
        List<FieldRule> any,
        List<FieldRule> jwt) {}
