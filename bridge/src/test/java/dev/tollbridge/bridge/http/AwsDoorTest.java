package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("GET /aws/{target}: the container-credentials protocol")
class AwsDoorTest {

    private static final String KEYS =
            "{\"Version\":1,\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"key\","
                    + "\"SessionToken\":\"session\",\"Token\":\"session\","
                    + "\"Expiration\":\"2026-11-21T11:00:00Z\",\"AccountId\":\"111122223333\"}";

    private static RunningBridge bridge;

    @BeforeAll
    static void start() {
        bridge = RunningBridge.answering(_ -> List.of(keys()));
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    private static ExchangeOutcome keys() {
        Issued issued = (Issued) RunningBridge.issued(Set.of());
        return new Issued(
                issued.issuance(),
                issued.decision(),
                new MintedCredential(
                        Secret.of(KEYS),
                        IssuedTokenType.NOT_APPLICABLE,
                        IssuedTokenType.AWS_CREDENTIALS,
                        Instant.parse("2026-11-21T11:00:00Z"),
                        false));
    }

    private static HttpResponse<String> ask(RunningBridge of, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(of.uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return of.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> ask(String path, String... headers) throws Exception {
        return ask(bridge, path, headers);
    }

    @Test
    void answersWhatSdksReadAndNothingElse() throws Exception {
        HttpResponse<String> response = ask("/aws/payments-deploy", "Authorization", "a.b.c");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        Claims keys = json(response);
        assertThat(keys.members())
                .containsOnlyKeys(
                        "AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId");
        assertThat(keys.string("Token")).isEqualTo("session");
        assertThat(keys.string("Expiration")).isEqualTo("2026-11-21T11:00:00Z");
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: the door cannot carry a proof, and looks at none")
    void buildsTheSameRequestAsEveryDoor() throws Exception {
        ask("/aws/payments.deploy-2", "Authorization", "a.b.c", "DPoP", "p.q.r");
        ExchangeRequest asked = bridge.asked.getLast();
        assertThat(asked.subjectToken()).isEqualTo(Secret.of("a.b.c"));
        assertThat(asked.targets()).hasSize(1);
        assertThat(asked.targets().getFirst().audiences()).containsExactly("payments.deploy-2");
        assertThat(asked.targets().getFirst().kind()).isEqualTo("aws");
        assertThat(asked.targets().getFirst().ttl()).isNull();
        assertThat(asked.targets().getFirst().scope()).isNull();
        assertThat(asked.caller().door()).isEqualTo("aws");
        assertThat(asked.proof().possible()).isFalse();
        assertThat(asked.proof().dpop()).isEmpty();
    }

    @Test
    void theTokenIsTheWholeHeader() throws Exception {
        ask("/aws/deploy", "Authorization", "Bearer a.b.c");
        // The parser refuses it: a space is in no token.
        assertThat(bridge.asked.getLast().subjectToken()).isEqualTo(Secret.of("Bearer a.b.c"));
    }

    @Test
    void aTokenOf16KibArrives() throws Exception {
        String token = "a".repeat(16 * 1024);
        assertThat(ask("/aws/deploy", "Authorization", token).statusCode()).isEqualTo(200);
        assertThat(bridge.asked.getLast().subjectToken()).isEqualTo(Secret.of(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/aws",
                "/aws/",
                "/aws/deploy/",
                "//aws/deploy",
                "/aws//deploy",
                "/AWS/deploy",
                "/aws/Deploy",
                "/aws/de%70loy",
                "/aws/deploy%2F",
                "/aws/deploy%00",
                "/aws/../token",
                "/aws/.",
                "/aws/..",
                "/aws/a..b",
                "/aws/deploy;x=1",
                "/aws/deploy/other"
            })
    void pathsAreExact(String path) throws Exception {
        int before = bridge.asked.size();
        assertThat(raw(path)).startsWith("HTTP/1.1 404 ");
        assertThat(bridge.asked).hasSize(before);
    }

    /// No client normalises what this sends.
    private static String raw(String path) throws Exception {
        try (RawClient client = new RawClient(bridge.port())) {
            return client.send(
                            "GET "
                                    + path
                                    + " HTTP/1.1\r\nHost: b\r\nAuthorization: a.b.c\r\n"
                                    + "Connection: close\r\n\r\n")
                    .untilClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/aws/deploy?", "/aws/deploy?ttl=900"})
    void aQueryIsRefused(String path) throws Exception {
        int before = bridge.asked.size();
        assertThat(raw(path))
                .startsWith("HTTP/1.1 400 ")
                .contains("\"code\":\"request_malformed\"", "\"reason\":\"request_malformed\"");
        assertThat(bridge.asked).hasSize(before);
    }

    @Test
    void withoutATokenOrWithTwoNothingIsAsked() throws Exception {
        int before = bridge.asked.size();
        for (HttpResponse<String> response :
                List.of(
                        ask("/aws/deploy"),
                        ask("/aws/deploy", "Authorization", ""),
                        ask("/aws/deploy", "Authorization", "a.b.c", "Authorization", "d.e.f"))) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).string("reason")).isEqualTo("request_malformed");
            assertThat(json(response).string("receipt")).startsWith("rct_");
        }
        assertThat(bridge.asked).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void onlyAGetMints(String method) throws Exception {
        int before = bridge.asked.size();
        HttpResponse<String> response =
                bridge.client.send(
                        HttpRequest.newBuilder(bridge.uri("/aws/deploy"))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("Authorization", "a.b.c")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("GET");
        assertThat(bridge.asked).hasSize(before);
    }

    /// SDKs retry what is 5xx and nothing else.
    @ParameterizedTest
    @EnumSource(RefusalReason.class)
    void refusesAsTheOtherDoorsInWordsThatSdksShow(RefusalReason reason) throws Exception {
        try (RunningBridge refusing = RunningBridge.refusing(reason)) {
            HttpResponse<String> response = ask(refusing, "/aws/deploy", "Authorization", "a.b.c");
            assertThat(response.statusCode()).isEqualTo(ErrorMapping.status(reason));
            Claims body = json(response);
            String told = ErrorMapping.told(reason).code();
            assertThat(body.string("code")).isEqualTo(told);
            assertThat(body.string("message"))
                    .isEqualTo(ErrorMapping.told(reason).sentence() + " (receipt rct_exchange)");
            assertThat(body.string("reason")).isEqualTo(told);
            assertThat(body.string("receipt")).isEqualTo("rct_exchange");
            assertThat(body.string("error"))
                    .isEqualTo(ErrorMapping.error(ErrorMapping.told(reason), false, false, false));
            assertThat(response.headers().firstValue("cache-control")).contains("no-store");
            assertThat(response.headers().firstValue("retry-after").isPresent())
                    .isEqualTo(response.statusCode() == 503);
        }
    }

    @Test
    void isCountedAsADoorOfItsOwn() throws Exception {
        ask("/aws/deploy", "Authorization", "a.b.c");
        assertThat(bridge.metrics.scrape()).contains("door=\"aws\"");
    }
}
