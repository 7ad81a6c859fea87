package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a listener says no before a door could, or instead of one.
@FunctionalInterface
interface Rejections {

    /// @param sentence for the caller
    /// @param detail for the operator
    Answer reject(
            Call call,
            RefusalReason reason,
            int status,
            String sentence,
            String detail,
            @Nullable Duration retryAfter);
}
