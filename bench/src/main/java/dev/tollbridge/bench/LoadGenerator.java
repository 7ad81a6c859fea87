package dev.tollbridge.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Asks a server for exchanges over connections that stay open. One thread, so that it takes no
/// more of the two processors than it must.
///
/// Closed loop: each connection sends its next request when the last was answered; that measures
/// the rate. At a fixed rate requests have a time at which they are due, and their latency counts
/// from there, also while no connection is free to send them; that measures what callers would
/// wait.
final class LoadGenerator implements AutoCloseable {

    private static final int ANSWER_BYTES = 16 * 1024;
    private static final byte[] CONTENT_LENGTH =
            "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;
    private final int count;
    private final SubjectTokens tokens;
    private final List<byte[]> heads;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Connection> free = new ArrayDeque<>();
    private int next;
    private Latencies latencies = new Latencies();
    private long answered;
    private long failed;
    private String firstFailure = "";
    private int inFlight;

    /// @param count of connections; opened anew for each window, for a server closes those that are
    ///   quiet
    LoadGenerator(InetSocketAddress server, int count, SubjectTokens tokens) throws IOException {
        this(server, count, tokens, List.of(Workload.TARGET));
    }

    /// @param targets asked for by the connections in turns
    LoadGenerator(InetSocketAddress server, int count, SubjectTokens tokens, List<String> targets)
            throws IOException {
        this.server = server;
        this.count = count;
        this.tokens = tokens;
        this.heads = targets.stream().map(target -> head(server, tokens.length(), target)).toList();
    }

    private static byte[] head(InetSocketAddress server, int tokenLength, String target) {
        String form =
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                        + "&audience="
                        + target
                        + "&subject_token=";
        return ("POST /token HTTP/1.1\r\nHost: 127.0.0.1:"
                        + server.getPort()
                        + "\r\nUser-Agent: tollbridge-bench\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: "
                        + (form.length() + tokenLength)
                        + "\r\n\r\n"
                        + form)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// What one window of load gave.
    ///
    /// @param failed answers other than 200
    record Load(
            long answered, long failed, String firstFailure, double seconds, Latencies latencies) {

        double rate() {
            return answered / seconds;
        }
    }

    /// Tokens that no window has used yet.
    int tokensLeft() {
        return tokens.count() - next;
    }

    /// Whether tokens may be used again, as at a server that keeps no record.
    private boolean again;

    LoadGenerator usingTokensAgain() {
        again = true;
        return this;
    }

    /// Each connection as fast as it is answered.
    Load closedLoop(double seconds) throws IOException {
        begin();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (Connection connection : connections) {
            send(connection, System.nanoTime());
        }
        while (inFlight > 0) {
            selector.select(this::ready);
            long now = System.nanoTime();
            while (!free.isEmpty()) {
                Connection connection = free.pop();
                if (now < end) {
                    send(connection, now);
                }
            }
        }
        return end(start);
    }

    /// So many requests a second, whether or not they are answered in time.
    Load fixedRate(double rate, double seconds) throws IOException {
        begin();
        free.addAll(connections);
        long start = System.nanoTime();
        long requests = (long) (rate * seconds);
        long sent = 0;
        while (sent < requests || inFlight > 0) {
            long now = System.nanoTime();
            while (sent < requests && !free.isEmpty()) {
                long due = start + (long) (sent * 1e9 / rate);
                if (due > now || !send(free.pop(), due)) {
                    break;
                }
                sent++;
            }
            if (tokensLeft() == 0 && !again) {
                requests = sent;
            }
            // A millisecond late at most, and then it counts as latency.
            selector.select(this::ready, 1);
        }
        return end(start);
    }

    private void begin() throws IOException {
        latencies = new Latencies();
        answered = 0;
        failed = 0;
        firstFailure = "";
        free.clear();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection =
                    new Connection(channel, heads.get(i % heads.size()), tokens.length());
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    private Load end(long start) throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        closeConnections();
        return new Load(answered, failed, firstFailure, seconds, latencies);
    }

    private void closeConnections() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        connections.clear();
        selector.selectNow();
    }

    private boolean send(Connection connection, long since) throws IOException {
        if (next == tokens.count()) {
            if (!again) {
                return false;
            }
            next = 0;
        }
        connection.send(tokens, next++, since);
        inFlight++;
        return true;
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.read()) {
                inFlight--;
                if (connection.status == 200) {
                    answered++;
                    latencies.add(System.nanoTime() - connection.since);
                } else {
                    failed++;
                    if (firstFailure.isEmpty()) {
                        firstFailure = connection.text();
                    }
                }
                free.push(connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closeConnections();
        selector.close();
    }

    /// One connection: at most one request on its way.
    private static final class Connection {
        final SocketChannel channel;
        private final ByteBuffer request;
        private final int tokenAt;
        private final byte[] answer = new byte[ANSWER_BYTES];
        private final ByteBuffer answerBuffer = ByteBuffer.allocateDirect(ANSWER_BYTES);
        private int received;
        private int expected;
        long since;
        int status;

        Connection(SocketChannel channel, byte[] head, int tokenLength) {
            this.channel = channel;
            this.request = ByteBuffer.allocateDirect(head.length + tokenLength);
            request.put(head);
            this.tokenAt = head.length;
        }

        void send(SubjectTokens tokens, int number, long since) throws IOException {
            this.since = since;
            received = 0;
            expected = 0;
            tokens.put(number, request, tokenAt);
            request.clear();
            channel.write(request);
            if (request.hasRemaining()) {
                throw new IOException("a socket's buffer does not hold one request");
            }
        }

        /// @return whether the answer is complete
        boolean read() throws IOException {
            answerBuffer.clear();
            int count = channel.read(answerBuffer);
            if (count < 0) {
                throw new IOException("the server closed a connection after: " + text());
            }
            answerBuffer.flip();
            answerBuffer.get(answer, received, count);
            received += count;
            if (expected == 0) {
                int body = bodyStart();
                if (body < 0) {
                    return false;
                }
                status = (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';
                expected = body + contentLength(body);
            }
            return received >= expected;
        }

        private int bodyStart() {
            for (int i = 3; i < received; i++) {
                if (answer[i] == '\n' && answer[i - 1] == '\r' && answer[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private int contentLength(int body) throws IOException {
            for (int i = 0; i + CONTENT_LENGTH.length < body; i++) {
                int j = 0;
                while (j < CONTENT_LENGTH.length
                        && (answer[i + j] | 0x20) == (CONTENT_LENGTH[j] | 0x20)) {
                    j++;
                }
                if (j == CONTENT_LENGTH.length) {
                    int length = 0;
                    for (int at = i + j; answer[at] != '\r'; at++) {
                        if (answer[at] != ' ') {
                            length = length * 10 + answer[at] - '0';
                        }
                    }
                    return length;
                }
            }
            throw new IOException("no Content-Length in: " + text());
        }

        String text() {
            return new String(answer, 0, Math.min(received, 600), StandardCharsets.UTF_8);
        }
    }
}
