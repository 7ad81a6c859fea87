package dev.tollbridge.webhook.http;

import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.MalformedReview;
import dev.tollbridge.webhook.review.ReviewReader;
import dev.tollbridge.webhook.review.ReviewWriter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/// One review from its head to its answer. Touched on its event loop only, but for the judging.
final class Incoming {

    private final WebhookServer server;
    private final Reviews reviews;
    private final HttpServerRequest request;
    private final Context context;
    private final List<Buffer> chunks = new ArrayList<>();
    private final long timer;
    private int held;
    private boolean over;

    Incoming(WebhookServer server, Vertx vertx, Reviews reviews, HttpServerRequest request) {
        this.server = server;
        this.reviews = reviews;
        this.request = request;
        this.context = vertx.getOrCreateContext();
        this.timer =
                vertx.setTimer(
                        server.limits().requestDeadline().toMillis(),
                        _ -> turnAway(408, "slow", "the request took too long"));
        request.handler(this::chunk);
        request.exceptionHandler(_ -> abandon());
        request.response().closeHandler(_ -> abandon());
        request.endHandler(_ -> {
            vertx.cancelTimer(timer);
            received();
        });
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        if (held + (long) chunk.length() > server.limits().maxBodyBytes()) {
            turnAway(413, "too-large", "larger than a review may be");
        } else if (!server.capacity().hold(chunk.length())) {
            turnAway(503, "overloaded", "too much in flight");
        } else {
            held += chunk.length();
            chunks.add(chunk);
        }
    }

    private void received() {
        if (over) {
            return;
        }
        long since = System.nanoTime();
        try {
            server.judging().execute(() -> judge(since));
        } catch (RejectedExecutionException _) {
            turnAway(503, "overloaded", "too much in flight");
        }
    }

    private void judge(long since) {
        long waited = System.nanoTime() - since;
        if (waited > server.limits().patience().toNanos()) {
            context.runOnContext(_ -> turnAway(503, "overloaded", "waited too long"));
            return;
        }
        try {
            AdmissionRequest review = ReviewReader.read(body());
            byte[] answer = ReviewWriter.write(review.uid(), reviews.answer(review));
            context.runOnContext(_ -> answer(answer));
        } catch (MalformedReview malformed) {
            String why = String.valueOf(malformed.getMessage());
            context.runOnContext(_ -> turnAway(400, "malformed", why));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError fault) {
            server.failed(fault);
            context.runOnContext(_ -> turnAway(500, "internal", "internal error"));
        }
    }

    /// In one piece, once: a body that grows with each chunk is copied as often as it doubles, and
    /// on the event loop.
    private byte[] body() {
        byte[] body = new byte[held];
        int at = 0;
        for (Buffer chunk : chunks) {
            chunk.getBytes(body, at);
            at += chunk.length();
        }
        chunks.clear();
        return body;
    }

    private void answer(byte[] bytes) {
        if (end()) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(bytes));
        }
    }

    private void turnAway(int status, String cause, String why) {
        if (end()) {
            server.turnedAway(cause);
            refuse(request, status, why);
        }
    }

    static void refuse(HttpServerRequest request, int status, String why) {
        HttpServerResponse response = request.response().setStatusCode(status);
        if (status == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (status == 405) {
            response.putHeader(HttpHeaders.ALLOW, "POST");
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        boolean unread = !request.isEnded();
        if (unread && request.version() != io.vertx.core.http.HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.end(why + "\n")
                .onComplete(_ -> {
                    if (unread && request.version() != io.vertx.core.http.HttpVersion.HTTP_2) {
                        request.connection().close();
                    }
                });
    }

    /// The caller is gone: nobody reads the answer.
    private void abandon() {
        end();
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        server.capacity().leave(held);
        server.cancel(timer);
        return true;
    }
}
