package dev.tollbridge.sidecar;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// On loopback: `GET /aws/TARGET`, the container-credentials protocol of AWS's SDKs, and `POST
/// /token`, as much of RFC 8693 as Google's libraries ask (the subject token is the bearer).
///
/// Whoever asks shows the bearer of a file that only this pod's containers can read: any process of
/// the node's user namespace, and any page in a browser beside it, can reach a loopback port. The
/// Host header must be loopback too, so that a name that resolves here opens nothing.
final class Endpoint implements AutoCloseable {

    private static final int BACKLOG = 64;
    private static final int LONGEST_FORM = 16 * 1024;

    private final HttpServer server;
    private final byte[] bearer;
    private Map<String, RefreshLoop> loops = Map.of();

    /// Has its port from now on, and answers from {@link #serve} on.
    Endpoint(InetSocketAddress listen, String bearer, Executor threads) throws IOException {
        this.bearer = bearer.getBytes(StandardCharsets.US_ASCII);
        server = HttpServer.create(listen, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    void serve(Map<String, RefreshLoop> targets) {
        loops = targets;
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!fromHere(exchange)) {
                answer(exchange, 403, error("Forbidden", "the Host header is not loopback"));
            } else if (exchange.getRequestMethod().equals("POST")
                    && exchange.getRequestURI().toString().equals("/token")) {
                exchangeToken(exchange);
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
        return shown != null && shown.size() == 1 && isBearer(shown.getFirst());
    }

    private boolean isBearer(String shown) {
        return MessageDigest.isEqual(bearer, shown.getBytes(StandardCharsets.UTF_8));
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
            boolean no = refused(loop);
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

    /// SDKs ask again after a 5xx, and give up after a 4xx.
    private static boolean refused(RefreshLoop loop) {
        return loop.state().equals("refused") || loop.state().equals("gone");
    }

    /// What Google's libraries ask of a `token_url` (AIP-4117). The credential is the one at hand:
    /// scopes are the grant's, whatever is asked for, and the answer says which.
    private void exchangeToken(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        if (form == null || !isBearer(form.getOrDefault("subject_token", ""))) {
            answer(exchange, 401, oauthError("invalid_request", "show the bearer of the file"));
            return;
        }
        RefreshLoop loop = loops.get(form.getOrDefault("audience", ""));
        if (loop == null) {
            answer(exchange, 400, oauthError("invalid_target", "no such target here"));
            return;
        }
        Credential credential = loop.valid();
        if (credential == null) {
            boolean no = refused(loop);
            answer(
                    exchange,
                    no ? 400 : 503,
                    oauthError(no ? "invalid_target" : "temporarily_unavailable", loop.state()));
            return;
        }
        if (credential.form() != Credential.Form.TOKEN) {
            answer(
                    exchange,
                    400,
                    oauthError("invalid_target", "not a target whose form is a token"));
            return;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("access_token", credential.value());
        tree.put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token");
        tree.put("token_type", "Bearer");
        tree.put("expires_in", (long) loop.secondsUntilExpiry());
        if (!credential.scope().isEmpty()) {
            tree.put("scope", credential.scope());
        }
        answer(exchange, 200, Json.write(tree));
    }

    /// Null when it is none, or larger than any that is asked here.
    private static @Nullable Map<String, String> form(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_FORM + 1);
        if (body.length > LONGEST_FORM) {
            return null;
        }
        Map<String, String> form = new HashMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
            int equals = pair.indexOf('=');
            try {
                if (equals < 0
                        || form.put(
                                        decoded(pair.substring(0, equals)),
                                        decoded(pair.substring(equals + 1)))
                                != null) {
                    return null;
                }
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String oauthError(String code, String description) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("error", code);
        tree.put("error_description", description);
        return Json.write(tree);
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
