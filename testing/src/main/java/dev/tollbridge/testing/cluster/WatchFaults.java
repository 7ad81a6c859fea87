package dev.tollbridge.testing.cluster;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLServerSocket;

/// A way to a real API server on which watches go wrong as a test says, and on which requests are
/// counted. It has the API server's own certificate; whatever is not a watch passes as it is.
///
/// Every connection carries one request, of HTTP/1.1. Watches are WebSockets, as the client asks
/// for them: what passes is whole frames, so that one of its own can be put between two of them.
public final class WatchFaults implements AutoCloseable {

    /// What becomes of a watch that somebody asks for.
    public enum Fault {
        /// It is the API server's.
        NONE,
        /// It is answered with the status 410.
        GONE_ANSWERED,
        /// It begins, and its first event is an ERROR with the code 410.
        GONE_TOLD,
        /// It begins, and the connection ends at once.
        CUT
    }

    private static final String GONE =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                    + "\"message\":\"too old resource version\",\"reason\":\"Expired\",\"code\":410}";
    private static final String ERROR_EVENT = "{\"type\":\"ERROR\",\"object\":" + GONE + "}";

    private static final int FINAL_TEXT = 0x81;
    private static final int LENGTH_OF_TWO_BYTES = 126;
    private static final int LENGTH_OF_EIGHT_BYTES = 127;

    private final int port;
    private final ServerTls tls;
    private final SSLServerSocket entrance;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    private volatile boolean held;

    private WatchFaults(ClusterFixture cluster) throws IOException {
        this.port = URI.create(cluster.url()).getPort();
        this.tls = ServerTls.of(cluster);
        this.entrance = tls.listen();
        Thread.ofVirtual().start(this::accept);
    }

    public static WatchFaults before(ClusterFixture cluster) {
        try {
            return new WatchFaults(cluster);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What to use in the place of the API server's own.
    public String url() {
        return "https://127.0.0.1:" + entrance.getLocalPort();
    }

    /// Of every watch that is asked for from now on.
    public void fault(Fault fault) {
        this.fault = fault;
    }

    /// From now on no watch tells anything, those that run and those that begin: what happens
    /// meanwhile is missed.
    public void hold() {
        held = true;
    }

    /// Watches that begin from now on tell again; those that run have missed what they missed.
    public void release() {
        running.forEach(Watch::end);
        held = false;
    }

    /// Tells every watch that runs that its revision is gone; those that begin from now on are
    /// whole again.
    public void expire() {
        List<Watch> before = List.copyOf(running);
        held = false;
        before.forEach(Watch::expire);
    }

    /// Ends every watch that runs.
    public void cut() {
        running.forEach(Watch::end);
    }

    /// How many watches run now.
    public int running() {
        return running.size();
    }

    /// How often the API server itself told a watch that its revision is gone.
    public int expiredByItself() {
        return told.get();
    }

    /// How often one kind was listed as a whole.
    ///
    /// @param plural as in the path, `pods`
    public int lists(String plural) {
        return count(line ->
                of(line, plural)
                        && line.startsWith("GET ")
                        && !line.contains("watch=")
                        && !line.contains("limit="));
    }

    /// How often a watch of one kind was asked for.
    public int watches(String plural) {
        return count(line -> of(line, plural) && line.contains("watch="));
    }

    /// How many requests there were whose line, as `GET /api/v1/pods HTTP/1.1`, has a text in it.
    public int requests(String text) {
        return count(line -> line.contains(text));
    }

    private int count(Predicate<String> which) {
        return (int) asked.stream().filter(which).count();
    }

    private static boolean of(String line, String plural) {
        return line.contains("/" + plural + "?") || line.contains("/" + plural + " ");
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket caller = entrance.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException e) {
                // The entrance was closed.
            }
        }
    }

    private void serve(Socket caller) {
        try (caller) {
            InputStream in = new BufferedInputStream(caller.getInputStream());
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            asked.add(head.lines().findFirst().orElse(""));
            boolean watch = asked.getLast().contains("watch=");
            Fault now = watch ? fault : Fault.NONE;
            if (now == Fault.GONE_ANSWERED) {
                caller.getOutputStream().write(gone());
                return;
            }
            try (Socket server = tls.connect(port)) {
                open.add(server);
                server.getOutputStream().write(once(head));
                Thread.ofVirtual().start(() -> copy(in, server));
                if (watch) {
                    watch(now, caller, server);
                } else {
                    server.getInputStream().transferTo(caller.getOutputStream());
                }
                open.remove(server);
            }
        } catch (IOException e) {
            // One end has gone: the other goes too.
        } finally {
            open.remove(caller);
        }
    }

    private void watch(Fault fault, Socket caller, Socket server) throws IOException {
        InputStream in = new BufferedInputStream(server.getInputStream());
        OutputStream out = caller.getOutputStream();
        String head = head(in);
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!head.startsWith("HTTP/1.1 101")) {
            in.transferTo(out);
            return;
        }
        Watch watch = new Watch(caller, out);
        switch (fault) {
            case GONE_TOLD -> {
                watch.expire();
                // It is the caller's to end it.
                in.transferTo(OutputStream.nullOutputStream());
            }
            case CUT -> watch.end();
            case NONE, GONE_ANSWERED -> {
                running.add(watch);
                try {
                    pass(in, watch);
                } finally {
                    running.remove(watch);
                }
            }
        }
    }

    private void pass(InputStream in, Watch watch) throws IOException {
        for (byte[] frame = frame(in); frame.length > 0; frame = frame(in)) {
            String text = new String(frame, StandardCharsets.UTF_8);
            if (text.contains("\"type\":\"ERROR\"") && text.contains("\"code\":410")) {
                told.incrementAndGet();
            }
            watch.tell(frame);
        }
    }

    /// A watch that began.
    private final class Watch {
        private final Socket caller;
        private final OutputStream out;

        /// A watch that began while they were held stays so.
        private boolean deaf = held;

        Watch(Socket caller, OutputStream out) {
            this.caller = caller;
            this.out = out;
        }

        synchronized void tell(byte[] frame) throws IOException {
            deaf |= held;
            if (!deaf) {
                out.write(frame);
            }
        }

        synchronized void expire() {
            deaf = true;
            byte[] text = ERROR_EVENT.getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = ByteBuffer.allocate(2 + Short.BYTES + text.length);
            frame.put((byte) FINAL_TEXT)
                    .put((byte) LENGTH_OF_TWO_BYTES)
                    .putShort((short) text.length)
                    .put(text);
            try {
                out.write(frame.array());
            } catch (IOException e) {
                // It has ended.
            }
        }

        void end() {
            close(caller);
        }
    }

    /// One frame of a server (RFC 6455, 5.2), which masks nothing; empty: there is none any more.
    private static byte[] frame(InputStream in) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        byte[] start = in.readNBytes(2);
        if (start.length < 2) {
            return new byte[0];
        }
        frame.writeBytes(start);
        long length = start[1] & 0x7f;
        int more =
                length == LENGTH_OF_TWO_BYTES
                        ? Short.BYTES
                        : length == LENGTH_OF_EIGHT_BYTES ? Long.BYTES : 0;
        if (more > 0) {
            byte[] bytes = in.readNBytes(more);
            frame.writeBytes(bytes);
            length = new BigInteger(1, bytes).longValueExact();
        }
        frame.writeBytes(in.readNBytes(Math.toIntExact(length)));
        return frame.toByteArray();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /// Nobody uses the connection again, so nothing has to be known of where a body ends.
    private static byte[] once(String head) {
        String request =
                head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket")
                        ? head
                        : head.replaceFirst("(?i)\r\nconnection:[^\r]*", "")
                                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        return request.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] gone() {
        return ("HTTP/1.1 410 Gone\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + GONE.length()
                        + "\r\n\r\n"
                        + GONE)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void copy(InputStream from, Socket to) {
        try {
            from.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One end has gone: the other goes too.
        } finally {
            close(to);
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
        open.forEach(WatchFaults::close);
    }
}
