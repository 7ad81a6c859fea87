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
public record TargetRequest(
        List<String> audiences,
        List<String> resources,
        @Nullable Set<String> scope,
        @Nullable Duration ttl) {

    public static TargetRequest named(String target) {
        return new TargetRequest(List.of(target), List.of(), null, null);
    }
}
