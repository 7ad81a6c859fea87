package dev.tollbridge.webhook.http;

import dev.tollbridge.webhook.review.ReviewReader;
import java.time.Duration;

/// The bounds of the admission listener. Beyond them the answer is 413 or 503 at once, which the
/// API server takes for a failed call: the failure policy decides, and the caller is not kept
/// waiting.
///
/// @param maxBodyBytes of one review
/// @param maxInFlight reviews being received, waiting or judged
/// @param maxBytesInFlight of their bodies together
/// @param requestDeadline from a request's head to its last byte
/// @param patience how long a review may wait to be judged; the API server has given up by then
/// @param drain how long reviews in flight may take when the webhook stops
public record Limits(
        int maxBodyBytes,
        int maxInFlight,
        long maxBytesInFlight,
        Duration requestDeadline,
        Duration patience,
        Duration drain) {

    public static final Limits DEFAULT =
            new Limits(
                    ReviewReader.MAX_BYTES,
                    256,
                    64L * 1024 * 1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5));

    public Limits withMaxInFlight(int most) {
        return new Limits(maxBodyBytes, most, maxBytesInFlight, requestDeadline, patience, drain);
    }
}
