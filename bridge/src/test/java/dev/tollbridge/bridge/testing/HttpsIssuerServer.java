package dev.tollbridge.bridge.testing;

import dev.tollbridge.bridge.tls.ServerIdentity;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An issuer on this machine: real https with a certificate of a throwaway CA, documents that can
/// be exchanged at any time, misbehaviour on demand, and a count of who asked for what.
public final class HttpsIssuerServer implements AutoCloseable {

    public static final String DISCOVERY = "/.well-known/openid-configuration";
    public static final String KEYS = "/keys";

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile Answer otherwise = Answer.status(404);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /// @param host from the Host header, with the port
    /// @param authorization empty: none
    public record Seen(String method, String path, String host, String authorization) {}

    /// What the server does with a request.
    public interface Answer extends Consumer<HttpServerRequest> {

        static Answer json(String body) {
            return request ->
                    request.response().putHeader("content-type", "application/json").end(body);
        }

        static Answer typed(String contentType, String body) {
            return request -> request.response().putHeader("content-type", contentType).end(body);
        }

        static Answer status(int status) {
            return request -> request.response().setStatusCode(status).end("{}");
        }

        static Answer status(int status, String contentType, String body) {
            return request ->
                    request.response()
                            .setStatusCode(status)
                            .putHeader("content-type", contentType)
                            .end(body);
        }

        static Answer redirect(String location) {
            return request ->
                    request.response().setStatusCode(302).putHeader("location", location).end();
        }

        /// That many bytes, without saying so first.
        static Answer huge(int bytes) {
            return request -> {
                request.response().setChunked(true);
                for (int sent = 0; sent < bytes; sent += 8192) {
                    request.response().write(" ".repeat(8192));
                }
                request.response().end();
            };
        }

        /// Starts to answer and never ends.
        static Answer unfinished() {
            return request -> request.response().setChunked(true).write("{");
        }

        static Answer silence() {
            return _ -> {};
        }

        /// Closes the connection instead of answering.
        static Answer cut() {
            return request -> request.connection().close();
        }

        /// Answers as `then` does, once `gate` is open.
        static Answer after(Future<?> gate, Answer then) {
            return request -> gate.onComplete(_ -> then.accept(request));
        }
    }

    private HttpsIssuerServer(Vertx vertx, ServerIdentity identity, String address) {
        server =
                vertx.createHttpServer(
                                new HttpServerOptions()
                                        .setHost(address)
                                        .setPort(0)
                                        .setSsl(true)
                                        .setKeyCertOptions(
                                                new PemKeyCertOptions()
                                                        .addCertValue(
                                                                Buffer.buffer(
                                                                        identity.certificatesPem()))
                                                        .addKeyValue(
                                                                Buffer.buffer(
                                                                        identity.privateKeyPem()
                                                                                .reveal()))))
                        .requestHandler(this::answer);
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    /// For `localhost` and `127.0.0.1`.
    public static HttpsIssuerServer start(Vertx vertx, ThrowawayCa ca) {
        return start(vertx, ca.issue("localhost", "127.0.0.1"), "127.0.0.1");
    }

    /// For the names of that certificate; still listening on 127.0.0.1.
    public static HttpsIssuerServer start(Vertx vertx, ServerIdentity identity) {
        return start(vertx, identity, "127.0.0.1");
    }

    public static HttpsIssuerServer start(Vertx vertx, ServerIdentity identity, String address) {
        return new HttpsIssuerServer(vertx, identity, address);
    }

    private void answer(HttpServerRequest request) {
        String path = orEmpty(request.path());
        seen.add(
                new Seen(
                        request.method().name(),
                        path,
                        orEmpty(request.getHeader("host")),
                        orEmpty(request.getHeader("authorization"))));
        answers.getOrDefault(path, otherwise).accept(request);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    public int port() {
        return server.actualPort();
    }

    /// Also the issuer name: `https://localhost:PORT`.
    public String url() {
        return "https://localhost:" + port();
    }

    public String url(String path) {
        return url() + path;
    }

    public HttpsIssuerServer on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /// What a path answers now.
    public Answer answer(String path) {
        return answers.getOrDefault(path, otherwise);
    }

    /// What every path answers that has no answer of its own. By default 404.
    public HttpsIssuerServer otherwise(Answer answer) {
        otherwise = answer;
        return this;
    }

    /// Forgets all answers, and what was seen.
    public HttpsIssuerServer reset() {
        answers.clear();
        otherwise = Answer.status(404);
        seen.clear();
        return this;
    }

    /// Publishes a key set at {@link #KEYS} and a discovery document that points there.
    public HttpsIssuerServer publish(String jwks) {
        on(
                DISCOVERY,
                Answer.json("{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url(KEYS) + "\"}"));
        return on(KEYS, Answer.json(jwks));
    }

    /// How often a path was asked for.
    public long requests(String path) {
        return seen.stream().filter(request -> request.path().equals(path)).count();
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
