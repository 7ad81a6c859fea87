package dev.tollbridge.bridge.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.testing.LeakCheck;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file of `src/test/resources/exchange`, through the real door and the whole pipeline: the
/// outcome, that nothing was minted that should not be, what the ledger holds, and that no sink
/// holds a token, a proof or a credential.
@DisplayName("Attacks as files")
class ExchangeCasesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOW = "2026-11-21T10:00:00Z";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ANSWER = "answer";
    private static final int MAX_TOKEN = 16 * 1024;

    private static final Set<String> REQUEST =
            Set.of(
                    "door",
                    "form",
                    "rawForm",
                    "json",
                    "path",
                    "contentType",
                    "headers",
                    "target",
                    "dpop");
    private static final Set<String> EXPECT =
            Set.of(
                    "refused",
                    "error",
                    "status",
                    "issued",
                    "unloadable",
                    "minted",
                    "ledger",
                    "detail",
                    "recorded",
                    "unreadable",
                    "notServed");

    /// Reasons that nothing in the product gives yet; a case for one of them has to be written
    /// together with what gives it.
    private static final Map<RefusalReason, String> NOT_REACHABLE =
            Map.of(
                    RefusalReason.APPROVAL_REQUIRED,
                    "no approvals yet",
                    RefusalReason.SESSION_UNKNOWN,
                    "SessionTest: another door",
                    RefusalReason.SESSION_ENDED,
                    "SessionTest: another door",
                    RefusalReason.SESSION_REPLAYED,
                    "SessionTest: another door");

    @TempDir static Path keys;
    private static CaseBridge.@Nullable Shared shared;

    @BeforeAll
    static void start() {
        dev.tollbridge.bridge.signing.CryptoProvider.install();
        shared = new CaseBridge.Shared(keys);
    }

    @AfterAll
    static void end() {
        shared().close();
    }

    private static CaseBridge.Shared shared() {
        return java.util.Objects.requireNonNull(shared);
    }

    static Stream<CaseFile> cases() {
        return CaseFile.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void holds(CaseFile file, @TempDir Path folder) throws Exception {
        Map<String, @Nullable Object> expect = file.part("expect");
        CaseFile.known(expect, EXPECT, "expect");
        Instant now = Instant.parse(file.text("clock", NOW));
        CaseValues values = new CaseValues(now);
        if (expect.containsKey("unloadable")) {
            var unloadable =
                    catchThrowableOfType(
                            CaseBridge.Unloadable.class,
                            () -> new CaseBridge(file, values, now, folder, shared()).close());
            assertThat(unloadable).as("the documents are refused").isNotNull();
            assertThat(unloadable.rules()).contains(String.valueOf(expect.get("unloadable")));
            return;
        }
        try (LeakCheck leaks = new LeakCheck();
                CaseBridge bridge = new CaseBridge(file, values, now, folder, shared())) {
            CaseToken tokens = new CaseToken(now);
            String base = file.text("base", "ci");
            int issued = 0;
            for (Object member : CaseFile.list(file.members().get("earlier"))) {
                Map<String, @Nullable Object> earlier = CaseFile.map(member);
                CaseFile.known(earlier, Set.of("token", "request"), "earlier");
                Map<String, @Nullable Object> token =
                        earlier.containsKey("token")
                                ? CaseFile.map(earlier.get("token"))
                                : file.part("token");
                Map<String, @Nullable Object> request =
                        earlier.containsKey("request")
                                ? CaseFile.map(earlier.get("request"))
                                : file.part("request");
                HttpResponse<String> answer =
                        send(bridge, tokens, tokens.build(base, token), request, values, leaks);
                assertThat(answer.statusCode()).as("earlier: %s", answer.body()).isEqualTo(200);
                issued++;
            }
            String token = tokens.build(base, file.part("token"));
            HttpResponse<String> answer =
                    send(bridge, tokens, token, file.part("request"), values, leaks);
            judge(expect, answer, bridge, issued);
            everySink(bridge, leaks, token, file.part("request"), answer);
        }
    }

    static Stream<CaseFile> casesOfTheAwsDoor() {
        return CaseFile.all().stream().map(CaseFile::atTheAwsDoor).filter(Objects::nonNull);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("casesOfTheAwsDoor")
    void holdsAtTheDoorForAwsSdksToo(CaseFile file, @TempDir Path folder) throws Exception {
        Instant now = Instant.parse(file.text("clock", NOW));
        String token = new CaseToken(now).build(file.text("base", "ci"), file.part("token"));
        // What cannot be a header's value cannot come this way, and what is longer than any token
        // does not fit; both are about other doors.
        if (token.length() <= MAX_TOKEN && token.chars().allMatch(c -> c >= '!' && c <= '~')) {
            holds(file, folder);
        }
    }

    @Test
    void mostCasesHoldAtTheDoorForAwsSdksToo() {
        assertThat(casesOfTheAwsDoor()).hasSizeGreaterThanOrEqualTo(100);
    }

    private static void judge(
            Map<String, @Nullable Object> expect,
            HttpResponse<String> answer,
            CaseBridge bridge,
            int before)
            throws IOException {
        JsonNode all = JSON.readTree(answer.body());
        // Where several targets were asked for, the first one's.
        JsonNode body = answer.statusCode() == 200 ? all : all.path("results").path(0);
        body = body.isMissingNode() ? all : body;
        if (expect.get("notServed") instanceof Integer status) {
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(bridge.minter().calls()).isEqualTo(before);
            return;
        }
        Map<String, @Nullable Object> issued =
                expect.containsKey("issued") ? CaseFile.map(expect.get("issued")) : Map.of();
        String refused = (String) expect.get("refused");
        if (refused != null) {
            assertThat(body.path("reason").asText()).as(detail(bridge, body)).isEqualTo(refused);
            assertThat(body.path("receipt").asText()).startsWith("rct_");
            assertThat(body.has("access_token") || body.has("AccessKeyId")).isFalse();
            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
        } else {
            assertThat(answer.statusCode()).as(answer.body() + detail(bridge, body)).isEqualTo(200);
            CaseFile.known(
                    issued, Set.of("scope", "ttl", "grant", "token_type", "results"), "issued");
            issued(issued, body, bridge);
        }
        if (expect.get("error") instanceof String error) {
            assertThat(body.path("error").asText()).isEqualTo(error);
        }
        if (expect.get("status") instanceof Integer status) {
            assertThat(answer.statusCode()).isEqualTo(status);
        }
        if (refused != null && expect.get("unreadable") == null) {
            // The receipt tells the operator what the caller may not know.
            String recorded = expect.get("recorded") instanceof String other ? other : refused;
            String receipt = body.path("receipt").asText();
            assertThat(
                            soon(() ->
                                    bridge.ledger()
                                            .receipt(receipt)
                                            .map(record -> String.valueOf(record.reason()))
                                            .orElse("")))
                    .as("the record of the refusal")
                    .isEqualTo(recorded);
        }
        if (expect.get("detail") instanceof String words) {
            assertThat(detail(bridge, body)).contains(words);
        }
        int fresh =
                expect.get("minted") instanceof Integer minted ? minted : refused == null ? 1 : 0;
        assertThat(bridge.minter().calls()).as("calls of the minter").isEqualTo(before + fresh);
        ledger(expect, bridge, before, refused == null);
    }

    private static void issued(
            Map<String, @Nullable Object> issued, JsonNode body, CaseBridge bridge) {
        if (issued.containsKey("scope")) {
            assertThat(body.path("scope").asText("")).isEqualTo(issued.get("scope"));
        }
        if (issued.get("ttl") instanceof Integer ttl) {
            assertThat(body.path("expires_in").asInt()).isEqualTo(ttl);
        }
        if (issued.get("token_type") instanceof String type) {
            assertThat(body.path("token_type").asText()).isEqualTo(type);
        }
        if (issued.get("grant") instanceof String grant) {
            IssuanceState state =
                    bridge.ledger().find(body.path("issuance").asText()).orElseThrow();
            assertThat(state.record().grant()).isEqualTo(grant);
        }
        if (issued.get("results") instanceof List<?> results) {
            List<String> reasons = new ArrayList<>();
            body.path("results")
                    .forEach(result ->
                            reasons.add(
                                    result.has("access_token")
                                            ? "issued"
                                            : result.path("reason").asText()));
            assertThat(reasons).isEqualTo(results);
        }
    }

    /// What is in the ledger beyond what the requests before left there.
    private static void ledger(
            Map<String, @Nullable Object> expect, CaseBridge bridge, int before, boolean issued) {
        String expected =
                expect.get("ledger") instanceof String text ? text : issued ? "issued" : "none";
        Supplier<String> states =
                () -> {
                    List<IssuanceState> all =
                            bridge.ledger().list(new Ledger.Query(null, null, null, 1000));
                    return all.subList(0, all.size() - before).stream()
                            .map(state -> state.status().name().toLowerCase(Locale.ROOT))
                            .distinct()
                            .collect(Collectors.joining(" "));
                };
        assertThat(expected.equals("none") ? states.get() : soon(states))
                .as("states of issuances in the ledger")
                .isEqualTo(expected.equals("none") ? "" : expected);
    }

    /// What nobody waits for is written in the background.
    private static String soon(Supplier<String> text) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (text.get().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return text.get();
    }

    private static String detail(CaseBridge bridge, JsonNode body) {
        String receipt = body.path("receipt").asText("");
        return receipt.isEmpty()
                ? ""
                : bridge.ledger()
                        .receipt(receipt)
                        .map(record -> " [" + record.detail() + "]")
                        .orElse(" [no such receipt]");
    }

    private static void everySink(
            CaseBridge bridge,
            LeakCheck leaks,
            String token,
            Map<String, @Nullable Object> request,
            HttpResponse<String> answer)
            throws IOException {
        JsonNode body = JSON.readTree(answer.body());
        leaks.token("subject token", token);
        String handle = body.path("revocation_handle").asText("");
        leaks.secret("revocation handle", handle, ANSWER);
        for (MintedCredential minted : bridge.minter().minted()) {
            leaks.token("minted credential", minted.value().reveal(), ANSWER);
            if (minted.value().reveal().startsWith("{")) {
                JsonNode keys = JSON.readTree(minted.value().reveal());
                leaks.secret("key", keys.path("SecretAccessKey").asText(), ANSWER);
                leaks.secret("session token", keys.path("Token").asText(), ANSWER);
            }
            leaks.sink("minted credential's text", minted.toString());
        }
        leaks.sink("headers of the answer", answer.headers().map().toString());
        leaks.sink("metrics", bridge.metrics());
        String receipt = body.path("receipt").asText("");
        bridge.ledger().receipt(receipt).ifPresent(r -> leaks.sink("receipt", r.toString()));
        leaks.sink("explanation", explained(bridge, token, request));
        bridge.close();
        leaks.files(bridge.data());
        leaks.assertNothingLeaked();
    }

    private static String explained(
            CaseBridge bridge, String token, Map<String, @Nullable Object> request) {
        ExchangeRequest asked =
                new ExchangeRequest(
                        Secret.of(token),
                        List.of(
                                TargetRequest.named(
                                        String.valueOf(
                                                request.getOrDefault("target", "internal-api")))),
                        new ExchangeRequest.Proof(
                                List.of(), "POST", CaseBridge.EXTERNAL + "/token", null, true),
                        new ExchangeRequest.Caller("explain", "192.0.2.1", null));
        String said = asked.toString();
        try {
            return said + bridge.exchange().explain(asked);
        } catch (RuntimeException e) {
            return said + e.getClass();
        }
    }

    private static HttpResponse<String> send(
            CaseBridge bridge,
            CaseToken tokens,
            String token,
            Map<String, @Nullable Object> request,
            CaseValues values,
            LeakCheck leaks)
            throws IOException, InterruptedException {
        CaseFile.known(request, REQUEST, "request");
        String door = String.valueOf(request.getOrDefault("door", "token"));
        if (door.equals("aws")) {
            return keys(bridge, token, request, leaks);
        }
        String path =
                String.valueOf(
                        request.getOrDefault(
                                "path", door.equals("credentials") ? "/credentials" : "/token"));
        HttpRequest.Builder built =
                HttpRequest.newBuilder(URI.create(bridge.url() + path))
                        .header(
                                "Content-Type",
                                String.valueOf(
                                        request.getOrDefault(
                                                "contentType",
                                                door.equals("credentials")
                                                        ? "application/json"
                                                        : FORM)));
        CaseFile.texts(CaseFile.map(values.expand(request.get("headers")))).forEach(built::header);
        for (Object member : CaseFile.list(request.get("dpop"))) {
            String proof =
                    member instanceof String text
                            ? text
                            : tokens.proof(CaseFile.map(member), CaseBridge.EXTERNAL + path);
            built.header("DPoP", proof);
            leaks.token("proof", proof);
        }
        String body = body(door, token, request, values);
        // A client for each request: every case has a bridge of its own, ports come again, and a
        // connection kept from an earlier bridge on the same port is a dead one.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer =
                    client.send(
                            built.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                            HttpResponse.BodyHandlers.ofString());
            leaks.sink(ANSWER, answer.body());
            return answer;
        }
    }

    private static HttpResponse<String> keys(
            CaseBridge bridge, String token, Map<String, @Nullable Object> request, LeakCheck leaks)
            throws IOException, InterruptedException {
        String path = "/aws/" + request.getOrDefault("target", "internal-api");
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    bridge.url()
                                                            + request.getOrDefault("path", path)))
                                    .header("Authorization", token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            leaks.sink(ANSWER, answer.body());
            return answer;
        }
    }

    private static String body(
            String door, String token, Map<String, @Nullable Object> request, CaseValues values) {
        String encoded = URLEncoder.encode(token, StandardCharsets.UTF_8);
        if (request.get("rawForm") instanceof String raw) {
            return raw.replace("{token}", encoded);
        }
        String target = String.valueOf(request.getOrDefault("target", "internal-api"));
        if (door.equals("credentials")) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("subject_token", token);
            json.put("targets", List.of(Map.of("target", target)));
            json.putAll(CaseFile.map(values.expand(request.get("json"))));
            return CaseValues.json(json);
        }
        Map<String, @Nullable Object> form = new LinkedHashMap<>();
        if (door.equals("jwt-bearer")) {
            form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            form.put("assertion", token);
        } else {
            form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
            form.put("subject_token", token);
            form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
        }
        form.put("audience", target);
        form.putAll(CaseFile.map(values.expand(request.get("form"))));
        List<String> pairs = new ArrayList<>();
        form.forEach((name, value) -> {
            for (Object one : CaseFile.list(value)) {
                pairs.add(
                        URLEncoder.encode(name, StandardCharsets.UTF_8)
                                + "="
                                + URLEncoder.encode(String.valueOf(one), StandardCharsets.UTF_8));
            }
        });
        return String.join("&", pairs);
    }

    @Test
    void coversEveryReasonThatTheProductCanGive() {
        Set<String> covered =
                cases().map(file -> file.part("expect"))
                        .flatMap(expect ->
                                Stream.of(
                                        String.valueOf(expect.get("refused")),
                                        String.valueOf(expect.get("recorded"))))
                        .collect(Collectors.toSet());
        Set<RefusalReason> missing = EnumSet.allOf(RefusalReason.class);
        missing.removeIf(reason -> covered.contains(reason.code()));
        assertThat(missing).containsExactlyInAnyOrderElementsOf(NOT_REACHABLE.keySet());
    }

    @Test
    void hasAtLeastAHundredAndFiftyCases() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(150);
    }
}
