package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.FORM;
import static dev.tollbridge.bridge.http.RunningBridge.form;
import static dev.tollbridge.bridge.http.RunningBridge.json;
import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenDoorTest {

    private static RunningBridge bridge;

    @BeforeAll
    static void start() {
        bridge = RunningBridge.issuing();
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    private static ExchangeRequest lastAsked() {
        return bridge.asked.getLast();
    }

    private static void assertMalformed(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).string("error")).isEqualTo("invalid_request");
        assertThat(json(response).string("reason")).isEqualTo("request_malformed");
        assertThat(json(response).string("receipt")).isEqualTo("rct_" + bridge.refused.size());
        assertThat(json(response).string("error_description"))
                .matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    }

    private static void refuses(String body) throws Exception {
        int before = bridge.asked.size();
        assertMalformed(bridge.token(body), 400);
        assertThat(bridge.asked).as("the exchange was not called").hasSize(before);
    }

    @Test
    void answersAnIssuanceAsTheInterfaceSays() throws Exception {
        try (RunningBridge scoped =
                RunningBridge.answering(
                        _ -> List.of(RunningBridge.issued(Set.of("deploy:write", "a"))))) {
            HttpResponse<String> response = scoped.token(tokenForm("scope", "deploy:write a"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body())
                    .isEqualTo(
                            "{\"access_token\":\""
                                    + RunningBridge.MINTED
                                    + "\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                                    + "\"token_type\":\"Bearer\",\"expires_in\":600,\"scope\":\"a"
                                    + " deploy:write\",\"issuance\":\"iss_01J\","
                                    + "\"expires_at\":\"2026-11-21T10:20:00Z\","
                                    + "\"revocation_handle\":\"rvk_of_iss_01J\"}");
            assertThat(response.headers().firstValue("content-type")).contains("application/json");
            assertThat(response.headers().firstValue("cache-control")).contains("no-store");
            assertThat(response.headers().firstValue("pragma")).contains("no-cache");
            assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(response.headers().map().keySet())
                    .noneMatch(name -> name.startsWith("access-control-"));
            assertThat(scoped.asked.getLast().targets().getFirst().scope())
                    .containsExactlyInAnyOrder("deploy:write", "a");
        }
    }

    @Test
    void leavesScopeOutWhenThereIsNone() throws Exception {
        assertThat(json(bridge.token(tokenForm())).has("scope")).isFalse();
    }

    @Test
    void saysWhatCannotBeRevoked() throws Exception {
        try (RunningBridge cloud =
                RunningBridge.answering(
                        _ -> List.of(RunningBridge.issued(Set.of(), "N_A", false)))) {
            assertThat(json(cloud.token(tokenForm())).get("revocable")).isEqualTo(false);
            assertThat(json(cloud.token(tokenForm())).string("token_type")).isEqualTo("N_A");
        }
    }

    @Test
    void handsTheRequestToTheExchange() throws Exception {
        bridge.post(
                "/token",
                FORM,
                tokenForm("ttl", "300", "resource", "https://api.acme.example", "options", "{}"),
                "DPoP",
                "proof.of.possession",
                "User-Agent",
                "ci/1");

        ExchangeRequest asked = lastAsked();
        assertThat(asked.subjectToken().reveal()).isEqualTo("a.b.c");
        assertThat(asked.targets().getFirst().audiences()).containsExactly("internal-api");
        assertThat(asked.targets().getFirst().resources())
                .containsExactly("https://api.acme.example");
        assertThat(asked.targets().getFirst().scope()).isNull();
        assertThat(asked.targets().getFirst().ttl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(asked.proof().dpop()).containsExactly("proof.of.possession");
        assertThat(asked.proof().method()).isEqualTo("POST");
        assertThat(asked.proof().url()).isEqualTo(RunningBridge.EXTERNAL + "/token");
        assertThat(asked.proof().possible()).isTrue();
        assertThat(asked.caller().door()).isEqualTo("token");
        assertThat(asked.caller().peer()).isEqualTo("127.0.0.1");
        assertThat(asked.caller().userAgent()).isEqualTo("ci/1");
    }

    @Test
    void takesAnAssertionOfRfc7523() throws Exception {
        HttpResponse<String> response =
                bridge.token(
                        form(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                "assertion",
                                "d.e.f",
                                "audience",
                                "internal-api"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(lastAsked().subjectToken().reveal()).isEqualTo("d.e.f");
        assertThat(lastAsked().caller().door()).isEqualTo("jwt-bearer");
    }

    @Test
    void callsABadAssertionInvalidGrant() throws Exception {
        try (RunningBridge refusing = RunningBridge.refusing(RefusalReason.SIGNATURE_INVALID)) {
            HttpResponse<String> response =
                    refusing.token(
                            form(
                                    "grant_type",
                                    "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                    "assertion",
                                    "d.e.f",
                                    "audience",
                                    "internal-api"));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).string("error")).isEqualTo("invalid_grant");
            assertThat(json(response).string("reason")).isEqualTo("signature_invalid");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/token/",
                "//token",
                "/Token",
                "/%74oken",
                "/token;a=b",
                "/./token",
                "/x/../token",
                "/",
                "/token/token",
                "/sessions",
                "/aws/",
                "/aws/internal-api/"
            })
    void knowsNoOtherSpellingOfItsPath(String path) throws Exception {
        try (RawClient raw = new RawClient(bridge.port())) {
            String body = tokenForm();
            String answer =
                    raw.send(
                                    RawClient.post(
                                            path,
                                            body,
                                            "Content-Type: " + FORM,
                                            "Content-Length: " + body.length()))
                            .untilClosed();
            assertThat(answer).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void takesTheAbsoluteFormOfARequestTarget() throws Exception {
        try (RawClient raw = new RawClient(bridge.port())) {
            String request = RawClient.tokenPost().replace("POST /token", "POST http://b/token");
            assertThat(raw.send(request).until("\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token?x=1", "/token?subject_token=a.b.c"})
    void refusesAQuery(String path) throws Exception {
        assertMalformed(bridge.post(path, FORM, tokenForm()), 400);
    }

    @Test
    void refusesAnEmptyQueryToo() throws Exception {
        try (RawClient raw = new RawClient(bridge.port())) {
            String request = RawClient.tokenPost().replace("/token ", "/token? ");
            assertThat(raw.send(request).untilClosed()).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
    void allowsPostOnly(String method) throws Exception {
        try (RawClient raw = new RawClient(bridge.port())) {
            String answer =
                    raw.send(method + " /token HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
                            .untilClosed();
            assertThat(answer).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: POST\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=utf-16",
                "application/x-www-form-urlencoded, application/json"
            })
    void refusesOtherContentTypes(String type) throws Exception {
        assertMalformed(bridge.post("/token", type, tokenForm()), 415);
    }

    @Test
    void refusesAMissingContentTypeAndTwo() throws Exception {
        for (String types :
                new String[] {"", "Content-Type: " + FORM + "\r\nContent-Type: " + FORM}) {
            try (RawClient raw = new RawClient(bridge.port())) {
                String answer =
                        raw.send(
                                        RawClient.post(
                                                "/token",
                                                "",
                                                "Content-Length: 0",
                                                types.isEmpty() ? "X: y" : types))
                                .untilClosed();
                assertThat(answer).startsWith("HTTP/1.1 415 ");
            }
        }
    }

    @Test
    void takesTheContentTypeWithItsCharset() throws Exception {
        assertThat(
                        bridge.post(
                                        "/token",
                                        "Application/X-WWW-Form-Urlencoded; Charset=UTF-8",
                                        tokenForm())
                                .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "identity", "br"})
    void refusesEveryContentEncoding(String coding) throws Exception {
        assertMalformed(bridge.post("/token", FORM, tokenForm(), "Content-Encoding", coding), 415);
    }

    @Test
    void parses64KiBAndRefusesOneByteMore() throws Exception {
        String start = tokenForm() + "&padding=";
        String most = start + "x".repeat(64 * 1024 - start.length());
        assertThat(bridge.token(most).statusCode()).isEqualTo(200);
        assertMalformed(bridge.token(most + "x"), 413);
    }

    @Test
    void refusesALargeBodyWithoutALengthToo() throws Exception {
        String start = tokenForm() + "&padding=";
        HttpRequest request =
                HttpRequest.newBuilder(bridge.uri("/token"))
                        .header("Content-Type", FORM)
                        .POST(
                                HttpRequest.BodyPublishers.fromPublisher(
                                        HttpRequest.BodyPublishers.ofString(
                                                start + "x".repeat(65 * 1024))))
                        .build();
        assertMalformed(bridge.client.send(request, HttpResponse.BodyHandlers.ofString()), 413);
    }

    @Test
    void readsAChunkedBody() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(bridge.uri("/token"))
                        .header("Content-Type", FORM)
                        .POST(
                                HttpRequest.BodyPublishers.fromPublisher(
                                        HttpRequest.BodyPublishers.ofString(tokenForm())))
                        .build();
        assertThat(bridge.client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void tellsAWaitingClientToGoOn() throws Exception {
        try (RawClient raw = new RawClient(bridge.port())) {
            String body = tokenForm();
            raw.send(
                    RawClient.post(
                            "/token",
                            "",
                            "Content-Type: " + FORM,
                            "Content-Length: " + body.length(),
                            "Expect: 100-continue"));
            assertThat(raw.until("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(raw.send(body).until("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void refusesTwiceWhatMayBeThereOnce() throws Exception {
        refuses(tokenForm("subject_token", "x.y.z"));
        refuses(tokenForm("grant_type", "x"));
        refuses(tokenForm("scope", "a", "scope", "a"));
        refuses(tokenForm("unheard-of", "1", "unheard-of", "1"));
    }

    @Test
    void takesSeveralAudiencesAndResourcesForTheExchangeToJudge() throws Exception {
        bridge.token(tokenForm("audience", "b", "resource", "urn:x", "resource", "urn:y"));
        assertThat(lastAsked().targets().getFirst().audiences())
                .containsExactly("internal-api", "b");
        assertThat(lastAsked().targets().getFirst().resources()).containsExactly("urn:x", "urn:y");
    }

    @Test
    void treatsAnEmptyValueAsOmitted() throws Exception {
        assertThat(
                        bridge.token(
                                        tokenForm(
                                                "scope",
                                                "",
                                                "ttl",
                                                "",
                                                "actor_token",
                                                "",
                                                "requested_token_type",
                                                ""))
                                .statusCode())
                .isEqualTo(200);
        refuses(tokenForm().replace("subject_token=a.b.c", "subject_token="));
    }

    @Test
    void namesNoTargetIsMalformed() throws Exception {
        refuses(tokenForm().replace("&audience=internal-api", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%2",
                "%zz",
                "%2G",
                "a%0",
                "%ff",
                "%c3%28",
                "%c0%80",
                "%ed%a0%80",
                "%00",
                "%0a",
                "%7f",
                "%c2%80",
                "\t",
                "\n",
                "\u00e4"
            })
    void refusesWhatIsNoCleanText(String value) throws Exception {
        refuses(tokenForm() + "&scope=" + value);
        refuses(tokenForm() + "&unheard-of=" + value);
    }

    @Test
    void ignoresParametersItDoesNotKnow() throws Exception {
        assertThat(
                        bridge.token(tokenForm("client_id", "x", "options", "{\"a\":\"\u00e4\"}"))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void looksAtNoClientAuthentication() throws Exception {
        assertThat(
                        bridge.post("/token", FORM, tokenForm(), "Authorization", "Basic eDp5")
                                .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant_type",
                "subject_token",
                "subject_token_type",
            })
    void refusesAMissingParameter(String name) throws Exception {
        refuses(tokenForm().replace(name + "=", "x_" + name + "="));
    }

    @Test
    void refusesAMissingAssertion() throws Exception {
        refuses(
                form(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "subject_token",
                        "a.b.c",
                        "audience",
                        "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_credentials",
                "password",
                "refresh_token",
                "authorization_code",
                "x"
            })
    void supportsNoOtherGrantType(String type) throws Exception {
        HttpResponse<String> response = bridge.token(form("grant_type", type));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).string("error")).isEqualTo("unsupported_grant_type");
        assertThat(json(response).string("reason")).isEqualTo("grant_type_unsupported");
        assertThat(json(response).string("receipt")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jwt,200",
        "id_token,200",
        "access_token,200",
        "refresh_token,400",
        "saml2,400",
        "JWT,400"
    })
    void takesTheSubjectTokenTypesOfJwts(String type, int status) throws Exception {
        String body = tokenForm().replace("token-type%3Ajwt", "token-type%3A" + type);
        assertThat(bridge.token(body).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "urn:ietf:params:oauth:token-type:access_token,200",
        "urn:ietf:params:oauth:token-type:jwt,200",
        "urn:tollbridge:params:oauth:token-type:aws-credentials,200",
        "urn:tollbridge:params:oauth:token-type:kubernetes-exec-credential,200",
        "urn:ietf:params:oauth:token-type:refresh_token,400",
        "urn:ietf:params:oauth:token-type:id_token,400",
        "jwt,400"
    })
    void issuesTheTokenTypesItHas(String type, int status) throws Exception {
        assertThat(bridge.token(tokenForm("requested_token_type", type)).statusCode())
                .isEqualTo(status);
    }

    @Test
    void supportsNoActor() throws Exception {
        refuses(tokenForm("actor_token", "x.y.z"));
        refuses(tokenForm("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "+5", "1.5", "1e3", "0600", " 5", "5 ", "ten", "0x10", "\u0661"})
    void refusesALifetimeThatIsNoPositiveInteger(String ttl) throws Exception {
        refuses(tokenForm("ttl", ttl));
    }

    @Test
    void takesALifetimeOfAnyMagnitudeForTheGrantToCap() throws Exception {
        bridge.token(tokenForm("ttl", "99999999999999999999999999"));
        assertThat(lastAsked().targets().getFirst().ttl())
                .isEqualTo(Duration.ofSeconds(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a ", " a", "a  b", "a\"b", "a\\b", "\u00e4"})
    void refusesAScopeThatIsNotWellFormed(String scope) throws Exception {
        refuses(tokenForm("scope", scope));
    }

    @Test
    void boundsTheNumberOfParameters() throws Exception {
        StringBuilder many = new StringBuilder(tokenForm());
        for (int i = 0; i < 61; i++) {
            many.append("&p").append(i).append("=1");
        }
        refuses(many.toString());
    }

    @Test
    @DisplayName("DESIGN 14 rule 6: an unknown target answers exactly as a missing grant")
    void rule6_tellsNobodyWhichTargetsExist() throws Exception {
        String unknown;
        try (RunningBridge refusing = RunningBridge.refusing(RefusalReason.TARGET_UNKNOWN)) {
            unknown = refusing.token(tokenForm()).body();
        }
        try (RunningBridge refusing = RunningBridge.refusing(RefusalReason.GRANT_MISSING)) {
            assertThat(refusing.token(tokenForm()).body())
                    .isEqualTo(unknown)
                    .contains("\"reason\":\"grant_missing\"")
                    .contains("\"error\":\"invalid_target\"");
        }
    }

    @Test
    void asksForANonceAsRfc9449Says() throws Exception {
        ExchangeOutcome outcome =
                new ExchangeOutcome.Refused(
                        RefusalReason.PROOF_INVALID, "rct_1", null, "nonce-of-now");
        try (RunningBridge refusing = RunningBridge.answering(_ -> List.of(outcome))) {
            HttpResponse<String> response =
                    refusing.post("/token", FORM, tokenForm(), "DPoP", "x.y.z");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).string("error")).isEqualTo("use_dpop_nonce");
            assertThat(response.headers().firstValue("dpop-nonce")).contains("nonce-of-now");
        }
    }

    @Test
    void saysWhenToTryAgain() throws Exception {
        ExchangeOutcome outcome =
                new ExchangeOutcome.Refused(
                        RefusalReason.ISSUER_UNAVAILABLE, "rct_1", Duration.ofMillis(2500), null);
        try (RunningBridge refusing = RunningBridge.answering(_ -> List.of(outcome))) {
            HttpResponse<String> response = refusing.token(tokenForm());
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(json(response).string("error")).isEqualTo("temporarily_unavailable");
            assertThat(response.headers().firstValue("retry-after")).contains("3");
        }
    }

    @Test
    void answersAFailureInsideWithoutSayingWhatItWasAbout() throws Exception {
        try (RunningBridge failing =
                RunningBridge.answering(_ -> {
                    throw new IllegalStateException("about a.b.c");
                })) {
            HttpResponse<String> response = failing.token(tokenForm());
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(json(response).string("error")).isEqualTo("server_error");
            assertThat(json(response).string("reason")).isEqualTo("internal");
            assertThat(failing.refused.getLast())
                    .contains("IllegalStateException")
                    .doesNotContain("a.b.c");
        }
    }

    @Test
    void countsEveryExchangeByHowItEnded() throws Exception {
        try (RunningBridge refusing = RunningBridge.refusing(RefusalReason.TOKEN_REPLAYED)) {
            refusing.token(tokenForm());
            refusing.token("");
            assertThat(refusing.metrics.scrape())
                    .contains(
                            "tollbridge_exchanges_total{door=\"token\",outcome=\"refused\",reason=\"token_replayed\",target_kind=\"\"}"
                                    + " 1.0")
                    .contains("reason=\"request_malformed\"")
                    .contains("tollbridge_exchange_duration_seconds_bucket{door=\"token\"");
        }
    }
}
