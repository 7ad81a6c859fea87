package dev.tollbridge.webhook.admission;

import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.review.Operation;
import java.time.Duration;
import java.time.Instant;

/// A request that was judged and is no dry run.
///
/// @param uid of the request, by which the API server's audit log knows it
/// @param user who asked
/// @param took to judge and decide
public record Sighting(
        Instant time, String uid, Operation operation, String user, Ruling ruling, Duration took) {}
