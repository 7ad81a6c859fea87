package dev.tollbridge.bridge.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One event loop's share of a listener: its connections, what is being read and worked on there,
/// and the clock that ends what takes too long.
///
/// Deadlines are looked at in a sweep rather than by a timer per request: at ten thousand requests
/// a second, timers that never fire cost more than the sweep.
final class EventLoop extends VerticleBase {

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence CACHEABLE =
            HttpHeaders.createOptimized("public, max-age=300");
    private static final CharSequence JSON = HttpHeaders.createOptimized(Answer.JSON);
    private static final CharSequence PRAGMA = HttpHeaders.createOptimized("pragma");
    private static final CharSequence CONTENT_TYPE_OPTIONS =
            HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_POLICY =
            HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence NO_CONTENT =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence TRANSPORT_SECURITY =
            HttpHeaders.createOptimized("strict-transport-security");
    private static final CharSequence A_YEAR = HttpHeaders.createOptimized("max-age=31536000");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private final Listener listener;
    private final Map<HttpConnection, OpenConnection> connections = new HashMap<>();
    private final Set<Call> reading = new HashSet<>();
    private final Set<Call> working = new HashSet<>();
    private @Nullable HttpServer server;

    EventLoop(Listener listener) {
        this.listener = listener;
    }

    @Override
    public Future<?> start() {
        HttpServer created =
                vertx.createHttpServer(listener.options())
                        .connectionHandler(this::connected)
                        .exceptionHandler(this::connectionFailed)
                        .requestHandler(this::serve);
        server = created;
        vertx.setPeriodic(listener.sweepMillis(), _ -> sweep());
        return created.listen(listener.address());
    }

    /// Known once it has started.
    HttpServer server() {
        HttpServer known = server;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    private void connected(HttpConnection http) {
        OpenConnection connection = new OpenConnection(http, System.nanoTime());
        connections.put(http, connection);
        http.closeHandler(_ -> {
            connections.remove(http);
            listener.connectionClosed();
        });
        if (listener.connectionOpened()) {
            makeRoom();
        }
    }

    private void connectionFailed(Throwable failure) {
        // Broken handshakes and half-sent requests: ordinary on the open internet. The message may
        // quote what was sent.
        log().debug("a connection failed: {}", failure.getClass().getName());
    }

    /// Closes some of the connections that have been quiet longest, so that whoever is connected
    /// without asking anything never keeps out who does.
    private void makeRoom() {
        List<OpenConnection> quiet = new ArrayList<>();
        for (OpenConnection connection : connections.values()) {
            if (connection.quiet()) {
                quiet.add(connection);
            }
        }
        quiet.sort(Comparator.comparingLong(OpenConnection::quietSince));
        int room = Math.min(quiet.size(), 1 + connections.size() / 64);
        for (int i = 0; i < room; i++) {
            listener.turnedAway("too_many_connections");
            quiet.get(i).close();
        }
    }

    private void serve(HttpServerRequest request) {
        OpenConnection connection = connections.get(request.connection());
        if (connection == null) {
            request.connection().close();
            return;
        }
        if (request.response().writeQueueFull()) {
            // Pipelines requests and reads no answers.
            listener.turnedAway("not_reading");
            connection.close();
            return;
        }
        connection.began();
        String target = RequestTarget.originForm(request.uri());
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        Route route = listener.routes().find(path);
        if (route == null) {
            turnAway(request, connection, "no_such_path", 404, "not_found", null);
        } else if (request.headers().size() > limits().maxHeaders()) {
            turnAway(request, connection, "too_many_headers", 431, "invalid_request", null);
        } else if (!allows(route.takes(), request.method())) {
            turnAway(request, connection, "method", 405, "invalid_request", route.takes().allow());
        } else {
            new Call(this, request, connection, path, query, route).read();
        }
    }

    private static boolean allows(Route.Takes takes, HttpMethod method) {
        if (!takes.reads()) {
            return HttpMethod.POST.equals(method);
        }
        return HttpMethod.GET.equals(method)
                || (HttpMethod.HEAD.equals(method) && takes != Route.Takes.GET_ALONE);
    }

    /// No exchange was asked for in a way that anybody would look up, so there is no receipt.
    private void turnAway(
            HttpServerRequest request,
            OpenConnection connection,
            String cause,
            int status,
            String error,
            @Nullable String allow) {
        listener.turnedAway(cause);
        Answer answer =
                Answer.json(
                        status,
                        Json.bytes(
                                128,
                                json -> {
                                    json.writeStartObject();
                                    json.writeStringField("error", error);
                                    json.writeStringField("error_description", sentence(status));
                                    json.writeEndObject();
                                }));
        if (allow != null) {
            answer = answer.with(new Answer.Header("allow", allow));
        }
        connection.ended(System.nanoTime());
        write(request, HttpMethod.GET.equals(request.method()) ? answer : answer.hangingUp());
    }

    private static String sentence(int status) {
        return switch (status) {
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path is not for this method.";
            default -> "The request has too many headers.";
        };
    }

    // What a call needs of its loop.

    void reading(Call call) {
        reading.add(call);
    }

    void readingEnded(Call call) {
        reading.remove(call);
    }

    void working(Call call) {
        working.add(call);
    }

    void workingEnded(Call call) {
        working.remove(call);
    }

    boolean admitWork() {
        return listener.admitWork();
    }

    void workEnded() {
        listener.workEnded();
    }

    void execute(Runnable work) {
        listener.execute(work);
    }

    /// Runs something on this loop.
    void run(Runnable task) {
        Context here = context;
        here.runOnContext(_ -> task.run());
    }

    ServerLimits limits() {
        return listener.limits();
    }

    TrustedProxies trustedProxies() {
        return listener.settings().trustedProxies();
    }

    Rejections rejections() {
        return listener.rejections();
    }

    Logger log() {
        return listener.log();
    }

    void write(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        boolean hangUp = answer.hangUp() || listener.draining();
        MultiMap headers = response.headers();
        response.setStatusCode(answer.status());
        if (!answer.contentType().isEmpty()) {
            headers.set(
                    HttpHeaders.CONTENT_TYPE,
                    answer.contentType().equals(Answer.JSON) ? JSON : answer.contentType());
        }
        headers.set(HttpHeaders.CACHE_CONTROL, answer.cacheable() ? CACHEABLE : NO_STORE);
        if (!answer.cacheable()) {
            headers.set(PRAGMA, NO_CACHE);
        }
        headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.set(CONTENT_POLICY, NO_CONTENT);
        if (request.isSSL()) {
            headers.set(TRANSPORT_SECURITY, A_YEAR);
        }
        for (Answer.Header header : answer.headers()) {
            headers.set(header.name(), header.value());
        }
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        if (hangUp && !http2) {
            headers.set(HttpHeaders.CONNECTION, CLOSE);
        }
        Future<Void> written;
        if (HttpMethod.HEAD.equals(request.method())) {
            headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
            written = response.end();
        } else {
            written = response.end(answer.body());
        }
        if (answer.hangUp() && !http2) {
            HttpConnection connection = request.connection();
            written.onComplete(_ -> connection.close());
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        long requestDeadline = limits().requestDeadline().toNanos();
        for (Call call : late(reading, now, requestDeadline)) {
            listener.turnedAway("slow_request");
            call.tooSlow();
        }
        for (Call call : late(working, now, limits().answerDeadline().toNanos())) {
            call.tooLong();
        }
        long idle = limits().idle().toNanos();
        List<OpenConnection> over = new ArrayList<>();
        for (OpenConnection connection : connections.values()) {
            long bound = connection.served() ? idle : requestDeadline;
            if (connection.quiet() && now - connection.quietSince() > bound) {
                over.add(connection);
            }
        }
        over.forEach(OpenConnection::close);
    }

    private static List<Call> late(Set<Call> calls, long now, long bound) {
        List<Call> late = new ArrayList<>();
        for (Call call : calls) {
            if (now - call.began() > bound) {
                late.add(call);
            }
        }
        return late;
    }
}
