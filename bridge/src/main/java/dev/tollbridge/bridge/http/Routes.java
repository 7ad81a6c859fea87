package dev.tollbridge.bridge.http;

import org.jspecify.annotations.Nullable;

/// Finds the route of a path, exactly as sent: no decoding, no normalising, no slash forgiven.
@FunctionalInterface
interface Routes {
    @Nullable Route find(String path);
}
