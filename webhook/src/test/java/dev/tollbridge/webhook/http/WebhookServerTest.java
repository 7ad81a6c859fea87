package dev.tollbridge.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.ReviewReader;
import dev.tollbridge.webhook.testing.Review;
import dev.tollbridge.webhook.tls.Authority;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookServerTest {

    private static final Authority CA = authority();

    private final Vertx vertx = Vertx.vertx();
    private final List<String> turnedAway = new CopyOnWriteArrayList<>();
    private @Nullable WebhookServer started;

    @AfterEach
    void close() {
        if (started != null) {
            started.close();
        }
        vertx.close().await();
    }

    private static Authority authority() {
        return Authority.create(Instant.now(), Duration.ofDays(1));
    }

    private static Certificate certificate(Authority ca) {
        Authority.Issued issued = ca.issue(Instant.now(), Duration.ofDays(1), List.of("127.0.0.1"));
        return new Certificate(issued.chainPem(), issued.privateKeyPem());
    }

    private WebhookServer serve(Limits limits, @Nullable String clientCa, Reviews validate) {
        WebhookServer server =
                new WebhookServer(
                        vertx,
                        new ListenAt("127.0.0.1", 0),
                        limits,
                        certificate(CA),
                        clientCa,
                        validate,
                        _ -> AdmissionAnswer.allow(),
                        turnedAway::add);
        server.start();
        started = server;
        return server;
    }

    private WebhookServer serve() {
        return serve(Limits.DEFAULT, null, _ -> AdmissionAnswer.allow());
    }

    private static HttpClient client(Authority believed) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(
                                            believed.certificatePem()
                                                    .getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(tls).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder to(WebhookServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient client = client(CA)) {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] review() {
        return Review.create("{kind: Secret, metadata: {name: a, namespace: b}}").bytes();
    }

    @Test
    void answersAReviewWithItsUid() {
        WebhookServer server = serve();

        HttpResponse<String> answer =
                send(to(server, "/validate?timeout=3s").POST(BodyPublishers.ofByteArray(review())));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"apiVersion\":\"admission.k8s.io/v1\"")
                .contains("\"uid\":\"0f7e6a3a-0c5b-4c1e-9d3e-000000000001\"")
                .contains("\"allowed\":true");
    }

    @Test
    void turnsAwayWhatIsNoReview() {
        WebhookServer server = serve();
        byte[] review = review();

        assertThat(send(to(server, "/").POST(BodyPublishers.ofByteArray(review))).statusCode())
                .isEqualTo(404);
        assertThat(
                        send(to(server, "/validate/").POST(BodyPublishers.ofByteArray(review)))
                                .statusCode())
                .isEqualTo(404);
        assertThat(send(to(server, "/validate").GET()).statusCode()).isEqualTo(405);
        assertThat(
                        send(HttpRequest.newBuilder(URI.create(server.url() + "/validate"))
                                        .header("Content-Type", "text/plain")
                                        .POST(BodyPublishers.ofByteArray(review)))
                                .statusCode())
                .isEqualTo(415);
        for (String body :
                List.of(
                        "",
                        "{}",
                        "no json",
                        "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}",
                        new String(review, StandardCharsets.UTF_8) + "{}",
                        new String(review, StandardCharsets.UTF_8)
                                .replace("\"uid\"", "\"uid\":\"x\",\"uid\""))) {
            HttpResponse<String> answer =
                    send(to(server, "/validate").POST(BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("json\"");
        }
        assertThat(turnedAway)
                .contains("not-found", "method", "content-type", "malformed")
                .doesNotContain("internal");
    }

    @Test
    void takesTwoLargeObjectsAndNoMore() {
        WebhookServer server = serve();
        byte[] large = new byte[ReviewReader.MAX_BYTES + 1];
        Arrays.fill(large, (byte) ' ');

        byte[] fits = Arrays.copyOf(review(), 7 * 1024 * 1024);
        Arrays.fill(fits, review().length, fits.length, (byte) ' ');
        assertThat(
                        send(to(server, "/validate").POST(BodyPublishers.ofByteArray(fits)))
                                .statusCode())
                .isEqualTo(200);
        assertThat(
                        send(to(server, "/validate")
                                        .POST(
                                                BodyPublishers.ofInputStream(
                                                        () -> new ByteArrayInputStream(large))))
                                .statusCode())
                .isEqualTo(413);
    }

    @Test
    void saysAtOnceWhenItHasEnoughToDo() throws InterruptedException {
        CountDownLatch judging = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WebhookServer server =
                serve(
                        Limits.DEFAULT.withMaxInFlight(1),
                        null,
                        _ -> {
                            judging.countDown();
                            awaited(goOn);
                            return AdmissionAnswer.allow();
                        });
        HttpRequest request =
                to(server, "/validate").POST(BodyPublishers.ofByteArray(review())).build();
        try (HttpClient client = client(CA)) {
            CompletableFuture<HttpResponse<String>> first =
                    client.sendAsync(request, BodyHandlers.ofString());
            judging.await();

            HttpResponse<String> second =
                    send(to(server, "/validate").POST(BodyPublishers.ofByteArray(review())));
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");

            goOn.countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
        }
        assertThat(turnedAway).containsExactly("overloaded");
        assertThat(server.inFlight()).isZero();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void letsNobodyInWithoutACertificateWhereOneIsAsked() {
        WebhookServer server =
                serve(Limits.DEFAULT, CA.certificatePem(), _ -> AdmissionAnswer.allow());

        boolean refused = false;
        try {
            send(to(server, "/validate").POST(BodyPublishers.ofByteArray(review())));
        } catch (IllegalStateException e) {
            refused = e.getCause() instanceof IOException;
        }
        assertThat(refused).isTrue();
    }

    @Test
    void usesARenewedCertificateForNewConnections() throws IOException, InterruptedException {
        WebhookServer server = serve();
        Authority next = authority();
        server.renew(certificate(next));

        try (HttpClient client = client(next)) {
            // The listener takes it up when it comes to it.
            for (int i = 0; i < 100; i++) {
                try {
                    HttpRequest request =
                            to(server, "/validate")
                                    .POST(BodyPublishers.ofByteArray(review()))
                                    .build();
                    assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                            .isEqualTo(200);
                    return;
                } catch (IOException e) {
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            }
        }
        throw new AssertionError("the renewed certificate is not used");
    }
}
