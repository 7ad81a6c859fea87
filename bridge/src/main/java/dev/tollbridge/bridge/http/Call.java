package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request on its way: read, worked on, answered, each exactly once. Lives on its connection's
/// event loop; only what is given to {@link #work} runs elsewhere.
final class Call {

    private static final int LONGEST_USER_AGENT = 256;
    private static final byte[] NOTHING = {};

    private enum Progress {
        READING,
        WORKING,
        ENDED
    }

    private final EventLoop loop;
    private final HttpServerRequest request;
    private final OpenConnection connection;
    private final String path;
    private final @Nullable String query;
    private final Route route;
    private final long began = System.nanoTime();
    private Progress progress = Progress.READING;
    private byte[] body = NOTHING;
    private @Nullable Buffer more;
    private @Nullable Caller caller;

    Call(
            EventLoop loop,
            HttpServerRequest request,
            OpenConnection connection,
            String path,
            @Nullable String query,
            Route route) {
        this.loop = loop;
        this.request = request;
        this.connection = connection;
        this.path = path;
        this.query = query;
        this.route = route;
    }

    // What came.

    String path() {
        return path;
    }

    @Nullable String query() {
        return query;
    }

    boolean head() {
        return HttpMethod.HEAD.equals(request.method());
    }

    byte[] body() {
        return body;
    }

    boolean bodyIsJson() {
        return MediaType.isJson(request.headers().get("Content-Type"));
    }

    MultiMap headers() {
        return request.headers();
    }

    OpenConnection connection() {
        return connection;
    }

    String door() {
        return route.name();
    }

    /// By `System.nanoTime`.
    long began() {
        return began;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    Caller caller() {
        Caller known = caller;
        if (known == null) {
            known = callerOf(route.name());
            caller = known;
        }
        return known;
    }

    /// The caller, at a door that has several names.
    Caller callerOf(String door) {
        TrustedProxies proxies = loop.trustedProxies();
        String peer =
                proxies.none()
                        ? connection.address()
                        : proxies.peer(
                                connection.address(), request.headers().getAll("X-Forwarded-For"));
        return new Caller(door, peer, userAgent(request.headers().get("User-Agent")));
    }

    private static @Nullable String userAgent(@Nullable String sent) {
        if (sent == null) {
            return null;
        }
        int length = Math.min(sent.length(), LONGEST_USER_AGENT);
        for (int i = 0; i < length; i++) {
            char c = sent.charAt(i);
            if (c < 0x20 || c > 0x7E) {
                return printable(sent, length);
            }
        }
        return sent.substring(0, length);
    }

    private static String printable(String sent, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = sent.charAt(i);
            text.append(c < 0x20 || c > 0x7E ? '?' : c);
        }
        return text.toString();
    }

    // Reading.

    void read() {
        try {
            admit();
        } catch (BadRequest e) {
            // What follows of the body is not wanted: the connection ends here.
            answer(rejection(e).hangingUp());
            return;
        }
        if (route.takes().reads()) {
            serve();
            return;
        }
        loop.reading(this);
        request.exceptionHandler(_ -> gone());
        request.handler(this::chunk);
        request.endHandler(_ -> bodyRead());
        if ("100-continue".equalsIgnoreCase(request.headers().get("Expect"))) {
            request.response().writeContinue();
        }
    }

    private void admit() throws BadRequest {
        MultiMap headers = request.headers();
        if (query != null && route.takes() != Route.Takes.GET_WITH_QUERY) {
            throw BadRequest.malformed("A query is not allowed here.");
        }
        if (route.takes().reads() || route.takes() == Route.Takes.POST) {
            return;
        }
        if (headers.contains("Content-Encoding")) {
            throw BadRequest.malformed(415, "A Content-Encoding is not allowed here.");
        }
        List<String> types = headers.getAll("Content-Type");
        String type = types.size() == 1 ? types.getFirst() : null;
        if (!(route.takes().form() && MediaType.isForm(type))
                && !(route.takes().json() && MediaType.isJson(type))) {
            throw BadRequest.malformed(
                    415,
                    route.takes().form()
                            ? "The content type has to be application/x-www-form-urlencoded."
                            : "The content type has to be application/json.");
        }
        String length = headers.get("Content-Length");
        if (length != null && longer(length, loop.limits().maxBodyBytes())) {
            throw tooLarge();
        }
    }

    private static boolean longer(String length, int bound) {
        try {
            return Long.parseLong(length) > bound;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static BadRequest tooLarge() {
        return BadRequest.malformed(413, "The request body is too large.");
    }

    private void chunk(Buffer chunk) {
        if (progress != Progress.READING) {
            return;
        }
        Buffer soFar = more;
        long length = (soFar == null ? 0L : soFar.length()) + chunk.length();
        if (length > loop.limits().maxBodyBytes()) {
            loop.readingEnded(this);
            answer(rejection(tooLarge()).hangingUp());
        } else if (soFar == null) {
            more = chunk;
        } else if (soFar.length() < chunk.length() || !copied) {
            more = Buffer.buffer((int) length * 2).appendBuffer(soFar).appendBuffer(chunk);
            copied = true;
        } else {
            soFar.appendBuffer(chunk);
        }
    }

    // Whether `more` is our own buffer, and not the one that came from the network.
    private boolean copied;

    private void bodyRead() {
        if (progress != Progress.READING) {
            return;
        }
        loop.readingEnded(this);
        Buffer whole = more;
        if (whole != null) {
            body = whole.getBytes();
            more = null;
        }
        serve();
    }

    private void serve() {
        try {
            route.door().serve(this);
        } catch (BadRequest e) {
            answer(rejection(e));
        } catch (RuntimeException e) {
            answer(failure(e));
        }
    }

    /// The rest of the request did not come in time.
    void tooSlow() {
        loop.readingEnded(this);
        answer(
                rejection(BadRequest.malformed(408, "The request did not arrive in time."))
                        .hangingUp());
    }

    /// The caller went away while it was sending.
    private void gone() {
        if (progress == Progress.READING) {
            loop.readingEnded(this);
            end();
        }
    }

    // Working.

    /// Works on a virtual thread, where blocking is allowed, and answers with what comes of it.
    /// Beyond the bound on work in flight the answer is 503, now.
    void work(Supplier<Answer> work) {
        if (!loop.admitWork()) {
            answer(
                    refusal(
                            RefusalReason.OVERLOADED,
                            "the bound on exchanges in flight is reached",
                            null));
            return;
        }
        progress = Progress.WORKING;
        loop.working(this);
        loop.execute(() -> {
            Answer answer;
            try {
                answer = work.get();
            } catch (Refusal refusal) {
                answer = refusal(refusal.reason(), refusal.detail(), refusal.retryAfter());
            } catch (RuntimeException | Error e) {
                answer = failure(e);
            } finally {
                loop.workEnded();
            }
            Answer done = answer;
            loop.run(() -> workDone(done));
        });
    }

    private void workDone(Answer answer) {
        loop.workingEnded(this);
        answer(answer);
    }

    /// The work takes longer than any caller should wait. It goes on, and still counts as in
    /// flight.
    void tooLong() {
        loop.workingEnded(this);
        answer(
                refusal(
                        RefusalReason.OVERLOADED,
                        "no answer within the deadline; the exchange may still end",
                        null));
    }

    // Answering.

    Answer rejection(BadRequest e) {
        return loop.rejections()
                .reject(this, e.reason(), e.status(), e.sentence(), e.sentence(), null);
    }

    /// @param detail for the operator
    Answer refusal(RefusalReason reason, String detail, @Nullable Duration retryAfter) {
        return loop.rejections()
                .reject(
                        this,
                        reason,
                        ErrorMapping.status(reason),
                        ErrorMapping.told(reason).sentence(),
                        detail,
                        retryAfter);
    }

    private Answer failure(Throwable failure) {
        String described = Failures.describe(failure);
        loop.log().error("{} failed: {}", route.name(), described);
        return refusal(RefusalReason.INTERNAL, described, null);
    }

    /// Answers, unless it was answered before or nobody is there any more.
    void answer(Answer answer) {
        if (progress == Progress.ENDED) {
            return;
        }
        end();
        loop.write(request, answer);
    }

    private void end() {
        progress = Progress.ENDED;
        connection.ended(System.nanoTime());
    }
}
