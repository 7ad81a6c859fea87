package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.ADMIN;
import static dev.tollbridge.bridge.http.RunningBridge.FORM;
import static dev.tollbridge.bridge.http.RunningBridge.NOW;
import static dev.tollbridge.bridge.http.RunningBridge.json;
import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.lifecycle.AtProvider;
import dev.tollbridge.bridge.lifecycle.Revoked;
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
import org.junit.jupiter.params.provider.ValueSource;

class OtherDoorsTest {

    private static final String JSON = "application/json";
    private static RunningBridge bridge;

    @BeforeAll
    static void start() {
        bridge = RunningBridge.issuing();
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void exchangesOneTokenForSeveralTargets() throws Exception {
        HttpResponse<String> response =
                bridge.post(
                        "/credentials",
                        JSON,
                        """
                        {"subject_token": "a.b.c", "targets": [
                          {"target": "a"},
                          {"target": "b", "scope": "x y", "ttl": 300},
                          {"resource": "urn:c"}]}\
                        """);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat((List<?>) json(response).get("results")).hasSize(3);
        ExchangeRequest asked = bridge.asked.getLast();
        assertThat(asked.caller().door()).isEqualTo("credentials");
        assertThat(asked.proof().url()).isEqualTo(RunningBridge.EXTERNAL + "/credentials");
        assertThat(asked.targets().get(0).audiences()).containsExactly("a");
        assertThat(asked.targets().get(1).scope()).containsExactlyInAnyOrder("x", "y");
        assertThat(asked.targets().get(1).ttl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(asked.targets().get(2).resources()).containsExactly("urn:c");
    }

    @Test
    void answers200WhenAnyTargetSucceedsElseTheFirstError() throws Exception {
        String two =
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\"},{\"target\":\"b\"}]}";
        try (RunningBridge mixed =
                RunningBridge.answering(_ ->
                        List.of(
                                RunningBridge.refusal(RefusalReason.GRANT_MISSING),
                                RunningBridge.issued(Set.of())))) {
            assertThat(mixed.post("/credentials", JSON, two).statusCode()).isEqualTo(200);
        }
        try (RunningBridge refusing =
                RunningBridge.answering(_ ->
                        List.of(
                                RunningBridge.refusal(RefusalReason.TARGET_UNAVAILABLE),
                                RunningBridge.refusal(RefusalReason.GRANT_MISSING)))) {
            HttpResponse<String> response = refusing.post("/credentials", JSON, two);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("retry-after")).isPresent();
            assertThat((List<?>) json(response).get("results")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"subject_token\":\"a.b.c\"}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":{}}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[\"a\"]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"\"}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":1}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":null}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"resource\":\"urn:a\"}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"scopes\":\"x\"}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"scope\":[\"x\"]}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"ttl\":0}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"ttl\":\"300\"}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"ttl\":1.5}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\",\"ttl\":null}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\"},{\"target\":\"a\"}]}",
                "{\"subject_token\":\"a.b.c\",\"subject_token\":\"d.e.f\",\"targets\":[{\"target\":\"a\"}]}",
                "{\"subject_token\":\"a.b.c\",\"other\":1,\"targets\":[{\"target\":\"a\"}]}",
                "{\"subject_token\":7,\"targets\":[{\"target\":\"a\"}]}",
                "{\"subject_token\":\"a.b.c\",\"subject_token_type\":\"x\",\"targets\":[{\"target\":\"a\"}]}",
                "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\"}]} x"
            })
    void refusesABodyForSeveralTargetsThatIsNotExact(String body) throws Exception {
        int before = bridge.asked.size();
        HttpResponse<String> response = bridge.post("/credentials", JSON, body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).string("reason")).isEqualTo("request_malformed");
        assertThat(json(response).string("receipt")).isNotEmpty();
        assertThat(bridge.asked).hasSize(before);
    }

    @Test
    void boundsTheNumberOfTargets() throws Exception {
        StringBuilder body = new StringBuilder("{\"subject_token\":\"a.b.c\",\"targets\":[");
        for (int i = 0; i < 17; i++) {
            body.append(i == 0 ? "" : ",").append("{\"target\":\"t").append(i).append("\"}");
        }
        assertThat(bridge.post("/credentials", JSON, body + "]}").statusCode()).isEqualTo(400);
    }

    @Test
    void takesNoFormForSeveralTargets() throws Exception {
        assertThat(bridge.post("/credentials", FORM, tokenForm()).statusCode()).isEqualTo(415);
    }

    @Test
    void revokesWithoutSayingWhatTheTokenWas() throws Exception {
        HttpResponse<String> response =
                bridge.post("/revoke", FORM, "token=rvk_x&token_type_hint=access_token");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(bridge.revoked.getLast().reveal()).isEqualTo("rvk_x");
        assertThat(bridge.post("/revoke", FORM, "").statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("RFC 7009 section 2.2.1: what still works somewhere is not answered with 200")
    void saysWhenAProviderCouldNotBeTold() throws Exception {
        bridge.revocationAnswer =
                new Revoked("iss_1", true, AtProvider.NOT_REACHED, Duration.ofMillis(6_500), NOW);
        try {
            HttpResponse<String> response = bridge.post("/revoke", FORM, "token=rvk_x");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("retry-after")).contains("7");
            assertThat(json(response).string("reason")).isEqualTo("target_unavailable");
        } finally {
            bridge.revocationAnswer = Revoked.NOTHING;
        }
    }

    @Test
    @DisplayName(
            "DESIGN 14 rule 7: introspection asks for a caller, and a minted credential is none")
    void rule7_introspectionAsksForACaller() throws Exception {
        int before = bridge.introspected.size();
        HttpResponse<String> nobody = bridge.post("/introspect", FORM, "token=x");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("www-authenticate"))
                .contains("Bearer realm=\"tollbridge\"");
        for (String credential :
                new String[] {
                    "Bearer " + RunningBridge.MINTED, "Basic " + ADMIN, "Bearer", ADMIN
                }) {
            assertThat(
                            bridge.post("/introspect", FORM, "token=x", "Authorization", credential)
                                    .statusCode())
                    .isEqualTo(401);
        }
        assertThat(bridge.introspected).hasSize(before);

        HttpResponse<String> answer =
                bridge.post("/introspect", FORM, "token=x", "Authorization", "Bearer " + ADMIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"active\":false}");
        assertThat(
                        bridge.post("/introspect", FORM, "a=b", "Authorization", "Bearer " + ADMIN)
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("DESIGN 14 rule 7: explain asks for a caller unless it is enabled for callers")
    void rule7_explainAsksForACaller() throws Exception {
        assertThat(bridge.post("/explain", FORM, tokenForm()).statusCode()).isEqualTo(401);
        HttpResponse<String> form =
                bridge.post("/explain", FORM, tokenForm(), "Authorization", "Bearer " + ADMIN);
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(json(form).string("decision")).isEqualTo("refused");
        assertThat(
                        bridge.post(
                                        "/explain",
                                        JSON,
                                        "{\"subject_token\":\"a.b.c\",\"targets\":[{\"target\":\"a\"}]}",
                                        "Authorization",
                                        "Bearer " + ADMIN)
                                .statusCode())
                .isEqualTo(200);
        try (RunningBridge open =
                new RunningBridge(
                        _ -> List.of(), ListenerSettings.local(0), ServerLimits.DEFAULT, true)) {
            assertThat(open.post("/explain", FORM, tokenForm()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void publishesDiscoveryAndKeys() throws Exception {
        for (String path :
                new String[] {
                    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
                }) {
            HttpResponse<String> response = bridge.get(path);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).string("issuer")).isEqualTo(RunningBridge.EXTERNAL);
            assertThat(response.headers().firstValue("cache-control"))
                    .contains("public, max-age=300");
        }
        for (String path :
                new String[] {
                    "/federation/.well-known/openid-configuration",
                    "/.well-known/oauth-authorization-server/federation"
                }) {
            assertThat(json(bridge.get(path)).string("issuer"))
                    .isEqualTo(RunningBridge.EXTERNAL + "/federation");
        }
        assertThat(bridge.get("/jwks").body()).isEqualTo("{\"keys\":[]}");
        assertThat(bridge.get("/federation/jwks").body()).isEqualTo("{\"keys\":[1]}");
        assertThat(bridge.get("/jwks?x=1").statusCode()).isEqualTo(400);
        assertThat(bridge.post("/jwks", FORM, "").statusCode()).isEqualTo(405);
        HttpResponse<String> head =
                bridge.client.send(
                        HttpRequest.newBuilder(bridge.uri("/jwks")).HEAD().build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length")).contains("11");
    }

    @Test
    @DisplayName("DESIGN 14 rule 10: forwarded headers count only from a trusted proxy")
    void rule10_believesForwardedHeadersOfTrustedProxiesOnly() throws Exception {
        String[] forged = {
            "X-Forwarded-For",
            "198.51.100.7",
            "Forwarded",
            "for=198.51.100.7",
            "X-Real-IP",
            "198.51.100.7"
        };
        bridge.post("/token", FORM, tokenForm(), forged);
        assertThat(bridge.asked.getLast().caller().peer()).isEqualTo("127.0.0.1");

        ListenerSettings behind =
                new ListenerSettings(
                        ListenAddress.parse("127.0.0.1:0"),
                        null,
                        true,
                        TrustedProxies.parse(List.of("127.0.0.0/8", "10.0.0.0/8")));
        try (RunningBridge proxied =
                new RunningBridge(
                        _ -> List.of(RunningBridge.issued(Set.of())),
                        behind,
                        ServerLimits.DEFAULT,
                        false)) {
            proxied.post(
                    "/token",
                    FORM,
                    tokenForm(),
                    "X-Forwarded-For",
                    "203.0.113.9, 198.51.100.7",
                    "X-Forwarded-For",
                    "10.1.2.3",
                    "X-Forwarded-Client-Cert",
                    "Hash=468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688",
                    "X-SSL-Client-Cert",
                    "-----BEGIN");
            assertThat(proxied.asked.getLast().caller().peer()).isEqualTo("198.51.100.7");
            assertThat(proxied.asked.getLast().proof().certificateThumbprint()).isNull();
        }
    }
}
