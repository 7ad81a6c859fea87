package dev.tollbridge.sidecar;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// `GET /aws/TARGET` on loopback: the container-credentials protocol of AWS's SDKs.
///
/// Whoever asks shows the bearer of a file that only this pod's containers can read: any process of
/// the node's user namespace, and any page in a browser beside it, can reach a loopback port. The
/// Host header must be loopback too, so that a name that resolves here opens nothing.
final class Endpoint implements AutoCloseable {

    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final Map<String, RefreshLoop> loops;
    private final byte[] bearer;

    Endpoint(
            InetSocketAddress listen,
            Map<String, RefreshLoop> loops,
            String bearer,
            Executor threads)
            throws IOException {
        this.loops = loops;
        this.bearer = bearer.getBytes(StandardCharsets.US_ASCII);
        server = HttpServer.create(listen, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!fromHere(exchange)) {
                answer(exchange, 403, error("Forbidden", "the Host header is not loopback"));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 405, error("MethodNotAllowed", "GET"));
            } else if (!known(exchange)) {
                answer(
                        exchange,
                        401,
                        error("Unauthorized", "show the bearer of the sidecar's file"));
            } else {
                serve(exchange);
            }
        }
    }

    private boolean fromHere(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        int port = port();
        return host != null
                && List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port)
                        .contains(host);
    }

    private boolean known(HttpExchange exchange) {
        List<String> shown = exchange.getRequestHeaders().get("Authorization");
        return shown != null
                && shown.size() == 1
                && MessageDigest.isEqual(bearer, shown.getFirst().getBytes(StandardCharsets.UTF_8));
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        RefreshLoop loop = path.startsWith("/aws/") ? loops.get(path.substring(5)) : null;
        if (loop == null || exchange.getRequestURI().getRawQuery() != null) {
            answer(exchange, 404, error("NotFound", "no such target here"));
            return;
        }
        Credential credential = loop.valid();
        if (credential == null) {
            // SDKs ask again after a 5xx, and give up after a 4xx.
            boolean no = loop.state().equals("refused") || loop.state().equals("gone");
            answer(
                    exchange,
                    no ? 403 : 503,
                    error(no ? "AccessDenied" : "ServiceUnavailable", loop.state()));
            return;
        }
        if (credential.form() != Credential.Form.AWS) {
            answer(exchange, 404, error("NotFound", "not a target of kind aws"));
            return;
        }
        answer(exchange, 200, credential.value());
    }

    private static String error(String code, String message) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("code", code);
        tree.put("message", message);
        return Json.write(tree);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
