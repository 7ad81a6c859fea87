package dev.tollbridge.bench.scan;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// What TLS and HTTP alone cost: receives a review over the same listener as the webhook's, looks
/// at nothing and answers. What a review costs beyond this is the webhook's own.
public final class BareReviews {

    private static final String ANSWER =
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":\
            {"uid":"0f7e6a3a-0c5b-4c1e-9d3e-000000000001","allowed":true}}\
            """;

    private BareReviews() {}

    /// @param args the files of certificate and key
    public static void main(String[] args) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setTcpNoDelay(true)
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setHttp2ConnectionWindowSize(8 << 20)
                        .setKeyCertOptions(
                                new PemKeyCertOptions().addCertPath(args[0]).addKeyPath(args[1]));
        options.getInitialSettings().setInitialWindowSize(2 << 20);
        AtomicInteger port = new AtomicInteger();
        Vertx.vertx()
                .deployVerticle(
                        () -> new Loop(options, port),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .await();
        System.out.printf(Locale.ROOT, "ready url=https://127.0.0.1:%d%n", port.get());
        System.out.flush();
    }

    private static final class Loop extends AbstractVerticle {
        private final HttpServerOptions options;
        private final AtomicInteger port;

        Loop(HttpServerOptions options, AtomicInteger port) {
            this.options = options;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(options)
                    .requestHandler(request ->
                            request.bodyHandler(_ ->
                                    request.response()
                                            .putHeader("content-type", "application/json")
                                            .end(ANSWER)))
                    .listen(SocketAddress.sharedRandomPort(1, "127.0.0.1"))
                    .onSuccess(server -> {
                        port.set(server.actualPort());
                        started.complete();
                    })
                    .onFailure(started::fail);
        }
    }
}
