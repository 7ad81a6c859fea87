package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The listener for operators and probes: health, readiness, metrics, the admin API.
public final class ManagementServer implements AutoCloseable {

    private final Listener listener;

    public ManagementServer(
            EventLoops loops,
            ListenerSettings settings,
            ServerLimits limits,
            ManagementPorts ports) {
        this.listener =
                new Listener(
                        "management",
                        loops,
                        1,
                        settings,
                        limits,
                        new ManagementRoutes(ports),
                        ManagementServer::reject,
                        ports.metrics());
    }

    /// Nothing here is an exchange, so there are no receipts: the operator is the caller.
    private static Answer reject(
            Call call,
            RefusalReason reason,
            int status,
            String sentence,
            String detail,
            @Nullable Duration retryAfter) {
        Answer answer =
                Answer.json(
                        status,
                        Json.tree(
                                Map.of(
                                        "error",
                                        ErrorMapping.error(reason, false, false, false),
                                        "error_description",
                                        sentence)));
        return status == 503
                ? answer.with(
                        new Answer.Header(
                                "retry-after",
                                Long.toString(ErrorMapping.retryAfter(reason, retryAfter))))
                : answer;
    }

    /// Listens. Returns when connections are accepted.
    ///
    /// @throws IllegalArgumentException when {@link ListenerSettings#problems} has any
    /// @throws java.io.UncheckedIOException in words for the operator
    public void start() {
        listener.start();
    }

    /// The port that is listened on, also when 0 was asked for.
    public int port() {
        return listener.port();
    }

    /// The listener's own URL, such as `http://127.0.0.1:8081`.
    public String url() {
        return listener.url();
    }

    /// Stops accepting, lets requests in flight finish, then closes. To be closed after the public
    /// listener, so that it can be watched draining.
    @Override
    public void close() {
        listener.close();
    }
}
