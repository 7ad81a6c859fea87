package dev.tollbridge.bridge.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bridge said no.
///
/// @param reason a code of `docs/reasons.md`
/// @param sentence for people
/// @param receipt what an operator finds out more by
/// @param retryAfter seconds, as the bridge wrote them; null: it did not
public record RefusedByBridge(
        int status,
        String reason,
        String sentence,
        @Nullable String receipt,
        @Nullable String retryAfter) {

    /// @throws Unreachable when the answer is not one a bridge gives
    static RefusedByBridge of(HttpAnswer answer) {
        Map<String, @Nullable Object> json = answer.json();
        if (json.get("reason") instanceof String reason
                && json.get("error_description") instanceof String sentence) {
            return new RefusedByBridge(
                    answer.status(),
                    reason,
                    sentence,
                    json.get("receipt") instanceof String receipt ? receipt : null,
                    answer.header("retry-after"));
        }
        throw new Unreachable(
                answer.from().getScheme()
                        + "://"
                        + answer.from().getRawAuthority()
                        + answer.from().getRawPath()
                        + " answered "
                        + answer.status()
                        + " without a reason; is this the right address?");
    }

    /// Whether trying again later may help: a dependency is away, or there is too much to do.
    public boolean temporary() {
        return status >= 500;
    }
}
