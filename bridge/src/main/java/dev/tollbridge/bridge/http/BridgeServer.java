package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.metrics.BridgeMetrics;
import java.time.InstantSource;

/// The public listener: every front door.
public final class BridgeServer implements AutoCloseable {

    private final Listener listener;

    public BridgeServer(
            EventLoops loops,
            ListenerSettings settings,
            ServerLimits limits,
            BridgePorts ports,
            BridgeMetrics metrics,
            InstantSource clock) {
        OutcomeAnswers answers = new OutcomeAnswers(ports.revocation(), metrics);
        Rejections rejections =
                (call, reason, status, sentence, detail, retryAfter) ->
                        answers.early(
                                call.door(),
                                reason,
                                status,
                                sentence,
                                ports.refusals().refuse(reason, detail, call.caller()),
                                retryAfter,
                                call.took());
        this.listener =
                new Listener(
                        "exchange",
                        loops,
                        loops.size(),
                        settings,
                        limits,
                        new PublicRoutes(ports, answers),
                        rejections,
                        metrics);
        metrics.gauge(
                "tollbridge.exchanges.in.flight", "Requests being worked on", listener::inFlight);
        metrics.gauge("tollbridge.http.connections", "Open connections", listener::openConnections);
    }

    /// Listens. Returns when connections are accepted.
    ///
    /// @throws IllegalArgumentException when {@link ListenerSettings#problems} has any
    /// @throws java.io.UncheckedIOException in words for the operator: the address is taken, the
    ///   certificate cannot be read
    public void start() {
        listener.start();
    }

    /// The port that is listened on, also when 0 was asked for.
    public int port() {
        return listener.port();
    }

    /// The listener's own URL, such as `http://127.0.0.1:8080`.
    public String url() {
        return listener.url();
    }

    /// Stops accepting, lets requests in flight finish within the bound of {@link
    /// ServerLimits#drain}, then closes.
    @Override
    public void close() {
        listener.close();
    }
}
