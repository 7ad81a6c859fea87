package dev.tollbridge.testing.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A way to a server on this machine that a test can cut: bytes go through as they are, so TLS is
/// the server's own.
public final class BreakableLine implements AutoCloseable {

    private final int port;
    private final ServerSocket entrance;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean whole = true;
    private volatile boolean silent;

    private BreakableLine(int port) throws IOException {
        this.port = port;
        this.entrance = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// @param url of a server on 127.0.0.1
    public static BreakableLine to(String url) {
        try {
            return new BreakableLine(URI.create(url).getPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What to use in the place of the server's own.
    public String url() {
        return "https://127.0.0.1:" + entrance.getLocalPort();
    }

    /// Ends what is under way, and everything that comes until it is mended.
    public void cut() {
        whole = false;
        drop();
    }

    /// Ends what is under way, as a load balancer does; who calls again gets through.
    public void drop() {
        open.forEach(BreakableLine::close);
    }

    /// Ends what is under way; who calls again is let in and never answered, as by a machine that
    /// hangs.
    public void hang() {
        silent = true;
        whole = true;
        drop();
    }

    public void mend() {
        silent = false;
        whole = true;
    }

    /// How many calls there were, let through or not.
    public int calls() {
        return accepted.get();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket caller = entrance.accept();
                accepted.incrementAndGet();
                if (whole) {
                    connect(caller);
                } else {
                    close(caller);
                }
            } catch (IOException e) {
                // The entrance was closed, or the server behind is away: the caller notices.
            }
        }
    }

    private void connect(Socket caller) throws IOException {
        open.add(caller);
        if (silent) {
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(server);
            Thread.ofVirtual().start(() -> copy(caller, server));
            Thread.ofVirtual().start(() -> copy(server, caller));
        } catch (IOException e) {
            close(caller);
        }
        if (!whole) {
            drop();
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One end has gone: the other goes too.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            // It is closed.
        }
        cut();
    }
}
