package dev.tollbridge.webhook.http;

import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/// `/healthz`, `/readyz`, `/metrics` for whoever watches, `/admin/v1/findings` for operators.
public final class ManagementServer implements AutoCloseable {

    private final HttpServer server;
    private final ListenAt address;
    private final ManagementPorts ports;

    public ManagementServer(Vertx vertx, ListenAt address, ManagementPorts ports) {
        this.address = address;
        this.ports = ports;
        this.server =
                vertx.createHttpServer(
                        new HttpServerOptions()
                                .setMaxHeaderSize(8 * 1024)
                                .setIdleTimeout(60)
                                .setHttp2ClearTextEnabled(false));
        server.requestHandler(this::answer);
        HttpServer _ =
                Waiting.forIt(
                        server.listen(address.port(), address.host()),
                        "cannot listen on " + address.host() + ":" + address.port());
    }

    private void answer(HttpServerRequest request) {
        boolean get =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!get) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            text(request, 405, "text/plain", "only GET\n");
            return;
        }
        switch (String.valueOf(request.path())) {
            case "/healthz" -> text(request, 200, "application/json", "{\"status\":\"ok\"}");
            case "/readyz" -> {
                String reason = ports.unready().get();
                text(
                        request,
                        reason.isEmpty() ? 200 : 503,
                        "application/json",
                        reason.isEmpty()
                                ? "{\"ready\":true,\"reasons\":[]}"
                                : "{\"ready\":false,\"reasons\":["
                                        + TextNode.valueOf(reason)
                                        + "]}");
            }
            case "/metrics" ->
                    text(
                            request,
                            200,
                            "text/plain; version=0.0.4; charset=utf-8",
                            ports.metrics().get());
            case "/admin/v1/findings" -> findings(request);
            default -> text(request, 404, "text/plain", "not found\n");
        }
    }

    private void findings(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        String bearer =
                authorization != null && authorization.startsWith("Bearer ")
                        ? authorization.substring("Bearer ".length())
                        : "";
        if (bearer.isEmpty() || !ports.operator().test(bearer)) {
            request.response().putHeader("www-authenticate", "Bearer");
            text(request, 401, "application/json", "{\"error\":\"invalid_token\"}");
            return;
        }
        String namespace = request.getParam("namespace");
        text(
                request,
                200,
                "application/json",
                ports.findings().apply(namespace == null ? "" : namespace));
    }

    private static void text(HttpServerRequest request, int status, String type, String text) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(text);
    }

    public String url() {
        return "http://" + address.authority(server.actualPort());
    }

    @Override
    public void close() {
        Waiting.quietly(server.close(), Duration.ofSeconds(5));
    }
}
