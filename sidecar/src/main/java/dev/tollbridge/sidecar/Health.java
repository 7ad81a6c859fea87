package dev.tollbridge.sidecar;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;

/// `/livez`, `/readyz`, `/metrics`: names of targets and numbers, no secret, so that kubelet can
/// ask.
final class Health implements AutoCloseable {

    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final Collection<RefreshLoop> loops;

    Health(InetSocketAddress listen, Collection<RefreshLoop> loops, Executor threads)
            throws IOException {
        this.loops = loops;
        server = HttpServer.create(listen, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> answer(exchange, 200, "ok\n");
                case "/readyz" -> ready(exchange);
                case "/metrics" -> answer(exchange, 200, metrics());
                default -> answer(exchange, 404, "not here\n");
            }
        }
    }

    private void ready(HttpExchange exchange) throws IOException {
        StringBuilder text = new StringBuilder();
        boolean all = true;
        for (RefreshLoop loop : loops) {
            all &= loop.ready();
            text.append(loop.target()).append(": ").append(loop.state()).append('\n');
        }
        answer(exchange, all ? 200 : 503, text.toString());
    }

    private String metrics() {
        StringBuilder text = new StringBuilder();
        gauge(
                text,
                "tollbridge_sidecar_seconds_until_expiry",
                "gauge",
                "Seconds the credential at hand is still valid",
                RefreshLoop::secondsUntilExpiry);
        gauge(
                text,
                "tollbridge_sidecar_ready",
                "gauge",
                "1 while there is a valid credential and tools have it",
                loop -> loop.ready() ? 1 : 0);
        gauge(
                text,
                "tollbridge_sidecar_refreshes_total",
                "counter",
                "Credentials the bridge gave",
                RefreshLoop::refreshes);
        gauge(
                text,
                "tollbridge_sidecar_troubles_total",
                "counter",
                "Attempts that gave none, or could not be written",
                RefreshLoop::troubles);
        return text.toString();
    }

    private void gauge(
            StringBuilder text,
            String name,
            String type,
            String help,
            ToDoubleFunction<RefreshLoop> value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        for (RefreshLoop loop : loops) {
            text.append(name)
                    .append("{target=\"")
                    .append(loop.target())
                    .append("\"} ")
                    .append(String.format(Locale.ROOT, "%.0f", value.applyAsDouble(loop)))
                    .append('\n');
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
