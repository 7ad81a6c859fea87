package dev.tollbridge.bridge.target;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a caller asks for.
///
/// @param audiences target names; usually one
/// @param resources target URIs
/// @param scope null: all that the grant gives
/// @param ttl null: as long as allowed
/// @param kind the only kind of target the door can answer for; null: any
public record TargetRequest(
        List<String> audiences,
        List<String> resources,
        @Nullable Set<String> scope,
        @Nullable Duration ttl,
        @Nullable String kind) {

    public TargetRequest(
            List<String> audiences,
            List<String> resources,
            @Nullable Set<String> scope,
            @Nullable Duration ttl) {
        this(audiences, resources, scope, ttl, null);
    }

    public static TargetRequest named(String target) {
        return new TargetRequest(List.of(target), List.of(), null, null);
    }

    /// At a door whose answers only one kind's tools can read.
    public static TargetRequest named(String target, String kind) {
        return new TargetRequest(List.of(target), List.of(), null, null, kind);
    }
}
