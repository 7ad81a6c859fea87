package dev.tollbridge.webhook.http;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/validate` and `/mutate` over TLS. Event loops receive; as many threads as there are processors
/// judge, which is arithmetic and nothing else.
public final class WebhookServer implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 16 * 1024;

    /// How much of a body may be on its way without having been asked for (RFC 9113, section 5.2).
    /// HTTP/2 begins with 64 KiB, which makes a Secret of 1 MiB wait for two dozen answers of ours;
    /// what is received is bounded by {@link Capacity}, not by this.
    private static final int STREAM_WINDOW_BYTES = 2 * 1024 * 1024;

    private static final int CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;

    private final Logger log = LoggerFactory.getLogger(WebhookServer.class);
    private final Vertx vertx;
    private final ListenAt address;
    private final Limits limits;
    private final Reviews validate;
    private final Reviews mutate;
    private final Consumer<String> turnedAway;
    private final Capacity capacity;
    private final ExecutorService judging;
    private final @Nullable String clientCaPem;
    private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
    private volatile Certificate certificate;
    private volatile @Nullable String deployment;

    /// @param clientCaPem authority of the certificates that callers have to show; null: none asked
    /// @param turnedAway told why whenever a request is not answered with a review
    public WebhookServer(
            Vertx vertx,
            ListenAt address,
            Limits limits,
            Certificate certificate,
            @Nullable String clientCaPem,
            Reviews validate,
            Reviews mutate,
            Consumer<String> turnedAway) {
        this.vertx = vertx;
        this.address = address;
        this.limits = limits;
        this.certificate = certificate;
        this.clientCaPem = clientCaPem;
        this.validate = validate;
        this.mutate = mutate;
        this.turnedAway = turnedAway;
        this.capacity = new Capacity(limits);
        this.judging =
                Executors.newFixedThreadPool(
                        Runtime.getRuntime().availableProcessors(),
                        Thread.ofPlatform().daemon().name("judge-", 0).factory());
    }

    /// @throws java.io.UncheckedIOException in words for the operator
    public void start() {
        int loops = Runtime.getRuntime().availableProcessors();
        deployment =
                Waiting.forIt(
                        vertx.deployVerticle(
                                Loop::new, new DeploymentOptions().setInstances(loops)),
                        "cannot listen on " + address.host() + ":" + address.port());
    }

    private final class Loop extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(options());
            servers.add(server);
            server.requestHandler(WebhookServer.this::received);
            // With port 0 each instance would get a port of its own; so they share a free one.
            SocketAddress at =
                    address.port() == 0
                            ? SocketAddress.sharedRandomPort(2, address.host())
                            : SocketAddress.inetSocketAddress(address.port(), address.host());
            server.listen(at).<Void>mapEmpty().onComplete(started);
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setTcpNoDelay(true)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setIdleTimeout(120)
                        .setHttp2ClearTextEnabled(false)
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                        .setHttp2RstFloodMaxRstFramePerWindow(100)
                        .setHttp2RstFloodWindowDuration(10);
        options.getInitialSettings().setInitialWindowSize(STREAM_WINDOW_BYTES);
        new TlsOptions(certificate, clientCaPem).apply(options);
        return options;
    }

    private void received(HttpServerRequest request) {
        String path = request.path();
        Reviews reviews =
                "/validate".equals(path) ? validate : "/mutate".equals(path) ? mutate : null;
        if (reviews == null) {
            turnAway(request, 404, "not-found", "there is /validate and /mutate");
        } else if (!request.method().equals(HttpMethod.POST)) {
            turnAway(request, 405, "method", "reviews are posted");
        } else if (!isJson(request)) {
            turnAway(request, 415, "content-type", "a review is application/json, not encoded");
        } else if (declaredLength(request) > limits.maxBodyBytes()) {
            turnAway(request, 413, "too-large", "larger than a review may be");
        } else if (!capacity.enter()) {
            turnAway(request, 503, "overloaded", "too many reviews in flight");
        } else {
            Incoming _ = new Incoming(this, vertx, reviews, request);
        }
    }

    private void turnAway(HttpServerRequest request, int status, String cause, String why) {
        turnedAway(cause);
        Incoming.refuse(request, status, why);
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
            return false;
        }
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json");
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    /// For connections from now on. A certificate that cannot be used is said so, and the one
    /// before stays.
    public void renew(Certificate renewed) {
        certificate = renewed;
        TlsOptions options = new TlsOptions(renewed, clientCaPem);
        for (HttpServer server : List.copyOf(servers)) {
            server.updateSSLOptions(options.renewed())
                    .onFailure(e ->
                            log.error(
                                    "a renewed certificate cannot be used; the one before stays:"
                                            + " {}",
                                    e.getClass().getName()));
        }
    }

    public int port() {
        return servers.getFirst().actualPort();
    }

    public String url() {
        return "https://" + address.authority(port());
    }

    public int inFlight() {
        return capacity.inFlight();
    }

    Limits limits() {
        return limits;
    }

    Capacity capacity() {
        return capacity;
    }

    ExecutorService judging() {
        return judging;
    }

    void turnedAway(String cause) {
        turnedAway.accept(cause);
    }

    /// By its class: a message may quote what was being read.
    void failed(Throwable fault) {
        log.error("a review could not be answered: {}", fault.getClass().getName());
    }

    void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    @Override
    public void close() {
        List<Future<Void>> shutdowns = new ArrayList<>();
        for (HttpServer server : List.copyOf(servers)) {
            shutdowns.add(server.shutdown(limits.drain()));
        }
        Waiting.quietly(Future.join(shutdowns), limits.drain().plusSeconds(2));
        String deployed = deployment;
        if (deployed != null) {
            Waiting.quietly(vertx.undeploy(deployed), limits.drain());
        }
        judging.shutdownNow();
    }
}
