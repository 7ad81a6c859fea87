package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.http.ListenerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/// The public listener's port. What the bridge signs names its own URL, so a port that is to be
/// picked is picked before anything is made; it is held until the listener takes it, for anything
/// that asks for a free port meanwhile could be given the same.
final class HeldPort implements AutoCloseable {

    private final ListenerSettings listener;
    private final @Nullable ServerSocket held;

    private HeldPort(ListenerSettings listener, @Nullable ServerSocket held) {
        this.listener = listener;
        this.held = held;
    }

    static HeldPort of(ListenerSettings listener) throws IOException {
        if (listener.address().port() != 0) {
            return new HeldPort(listener, null);
        }
        ServerSocket held =
                new ServerSocket(0, 1, InetAddress.getByName(listener.address().host()));
        return new HeldPort(listener.withPort(held.getLocalPort()), held);
    }

    /// With a port that is not 0.
    ListenerSettings listener() {
        return listener;
    }

    /// Lets go of the port, so that the listener can have it.
    @Override
    public void close() throws IOException {
        if (held != null) {
            held.close();
        }
    }
}
