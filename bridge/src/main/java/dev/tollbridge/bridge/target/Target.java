package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A target at run time.
///
/// @param resource the URI that names it (RFC 8707), or null
/// @param directory where relative file names of its document start; null: a custom resource
public record Target(
        String name,
        String owner,
        @Nullable String resource,
        Duration maxTtl,
        boolean enabled,
        SenderConstraint senderConstraint,
        TargetSettings settings,
        @Nullable Path directory) {

    public String kind() {
        return settings.kind();
    }
}
