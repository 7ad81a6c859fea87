package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.metrics.BridgeMetrics;
import java.time.InstantSource;

/// The public listener: every front door.
public final class BridgeServer implements AutoCloseable {

    private final ListenerSettings listener;

    public BridgeServer(
            EventLoops loops,
            ListenerSettings listener,
            ServerLimits limits,
            BridgePorts ports,
            BridgeMetrics metrics,
            InstantSource clock) {
        this.listener = listener;
    }

    /// Listens. Returns when connections are accepted.
    ///
    /// @throws java.io.UncheckedIOException in words for the operator: the address is taken, the
    ///   certificate cannot be read
    public void start() {}

    /// The port that is listened on, also when 0 was asked for.
    public int port() {
        return listener.address().port();
    }

    /// The listener's own URL, such as `http://127.0.0.1:8080`.
    public String url() {
        return "http://" + listener.address().authority(port());
    }

    /// Stops accepting, lets requests in flight finish within the bound of {@link
    /// ServerLimits#drain}, then closes.
    @Override
    public void close() {}
}
