package dev.tollbridge.bridge.http;

import java.time.Duration;

/// The bounds of a listener. Whoever sends more, or slower, is turned away; the rest keep their
/// service.
///
/// @param maxBodyBytes of a request; larger is 413
/// @param maxHeaderBytes of a request's header lines together; larger is 431
/// @param maxHeaders header lines of a request; more is 431
/// @param maxRequestLine bytes of the request line; longer is 414
/// @param maxConnections open at once; at the bound those that have been idle longest are closed to
///   make room
/// @param maxInFlight exchanges being worked on at once; beyond, the answer is 503 at once
/// @param requestDeadline from a request's head to its last byte; slower is 408. Also how long a
///   new connection may take to its first request head
/// @param idle how long a connection may be open between two requests
/// @param answerDeadline how long the work behind a request may take before the caller gets 503
/// @param drain how long requests in flight may take to finish when the bridge stops
/// @param maxStreams requests at once on one HTTP/2 connection
public record ServerLimits(
        int maxBodyBytes,
        int maxHeaderBytes,
        int maxHeaders,
        int maxRequestLine,
        int maxConnections,
        int maxInFlight,
        Duration requestDeadline,
        Duration idle,
        Duration answerDeadline,
        Duration drain,
        int maxStreams) {

    public static final ServerLimits DEFAULT =
            new ServerLimits(
                    64 * 1024,
                    // A subject token of 16 KiB fits, at the door that takes it as a header.
                    20 * 1024,
                    100,
                    4 * 1024,
                    16_000,
                    1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    64);

    public ServerLimits withMaxConnections(int connections) {
        return new ServerLimits(
                maxBodyBytes,
                maxHeaderBytes,
                maxHeaders,
                maxRequestLine,
                connections,
                maxInFlight,
                requestDeadline,
                idle,
                answerDeadline,
                drain,
                maxStreams);
    }

    public ServerLimits withMaxInFlight(int inFlight) {
        return new ServerLimits(
                maxBodyBytes,
                maxHeaderBytes,
                maxHeaders,
                maxRequestLine,
                maxConnections,
                inFlight,
                requestDeadline,
                idle,
                answerDeadline,
                drain,
                maxStreams);
    }

    /// @param request as `requestDeadline`
    public ServerLimits withTimes(
            Duration request, Duration idle, Duration answer, Duration drain) {
        return new ServerLimits(
                maxBodyBytes,
                maxHeaderBytes,
                maxHeaders,
                maxRequestLine,
                maxConnections,
                maxInFlight,
                request,
                idle,
                answer,
                drain,
                maxStreams);
    }
}
