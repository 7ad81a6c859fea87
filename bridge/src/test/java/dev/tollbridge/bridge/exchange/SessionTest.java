package dev.tollbridge.bridge.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.exchange.SessionBridge.Got;
import dev.tollbridge.bridge.ledger.Ledger.Query;
import dev.tollbridge.bridge.testing.LeakCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Job sessions as their holders and their thieves meet them (DESIGN 14, rule 12).
class SessionTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final String ATTEMPT = "attempt-0123456789abcdef";

    @TempDir Path folder;
    private SessionBridge bridge;
    private final DpopKey key = DpopKey.generate();
    private final DpopKey otherKey = DpopKey.generate();

    @BeforeEach
    void start() throws IOException {
        bridge = new SessionBridge(folder);
    }

    @AfterEach
    void end() {
        bridge.close();
    }

    private String record() {
        try (Stream<Path> files = Files.list(bridge.data().resolve("audit"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                all.append(Files.readString(file, StandardCharsets.UTF_8));
            }
            return all.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int issuances() {
        return bridge.ledger().list(new Query(null, null, null, 1000)).size();
    }

    private Got opened(String... targets) {
        Got got = bridge.open(key, targets);
        assertThat(got.status()).as(got.body().toString()).isEqualTo(200);
        assertThat(got.handle()).startsWith("snh_");
        return got;
    }

    private Got resumed(String handle) {
        Got got = bridge.resume(handle, key);
        assertThat(got.status()).as(got.body().toString()).isEqualTo(200);
        return got;
    }

    private void nothingMore(int minted, Runnable attempt) {
        assertThat(bridge.minted()).isEqualTo(minted);
        attempt.run();
        assertThat(bridge.minted()).as("nothing was minted").isEqualTo(minted);
    }

    // What works.

    @Test
    void anExchangeOpensASessionThatGivesItsTargetsAgain() {
        Got opened = opened("api", "other");
        assertThat(opened.body().path("session").path("heartbeat").asInt()).isEqualTo(300);
        assertThat(opened.body().path("session").path("id").asText()).startsWith("ses_");
        Got resumed = resumed(opened.handle());
        assertThat(resumed.body().path("results")).hasSize(2);
        assertThat(resumed.credential(0)).isNotEqualTo(opened.credential(0));
        assertThat(bridge.active(resumed.credential(0))).isTrue();
        assertThat(bridge.active(resumed.credential(1))).isTrue();
        assertThat(resumed.handle()).isNotEqualTo(opened.handle());
        assertThat(resumed.body().path("results").path(0).path("scope").asText())
                .isEqualTo("read write");
    }

    @Test
    void theFormOfTheTokenDoorOpensOneToo() {
        Got opened =
                bridge.form(
                        "/token",
                        key,
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:jwt",
                        "subject_token",
                        bridge.token(),
                        "audience",
                        "api",
                        "session",
                        "1");
        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.body().path("access_token").asText()).isNotEmpty();
        assertThat(resumed(opened.handle()).body().path("results")).hasSize(1);
    }

    @Test
    void whatAHelperHandsOutIsNotBoundToTheHelpersKey() {
        Got opened = opened("api");
        assertThat(opened.body().path("results").path(0).path("token_type").asText())
                .isEqualTo("Bearer");
    }

    @Test
    void aJobOfTwoHoursKeepsWorkingWithCredentialsOfTenMinutes() {
        Got got = opened("api", "other");
        Set<String> handles = new HashSet<>(List.of(got.handle()));
        for (int minute = 5; minute < 120; minute += 5) {
            bridge.later(Duration.ofMinutes(5));
            bridge.upkeep();
            Got next = resumed(got.handle());
            assertThat(handles.add(next.handle())).isTrue();
            assertThat(bridge.active(next.credential(0))).as("at minute " + minute).isTrue();
            assertThat(bridge.active(next.credential(1))).isTrue();
            got = next;
        }
        assertThat(bridge.ends).isEmpty();
        bridge.later(Duration.ofMinutes(5));
        Got after = bridge.resume(got.handle(), key);
        assertThat(after.reason()).isEqualTo("session_ended");
        assertThat(bridge.ends).containsExactly("max");
        // What was given last runs out by itself.
        assertThat(bridge.active(got.credential(0))).isTrue();
        bridge.later(Duration.ofMinutes(5));
        assertThat(bridge.active(got.credential(0))).isFalse();
    }

    @Test
    void aHeartbeatKeepsASessionWithoutMinting() {
        String handle = opened("api").handle();
        int minted = bridge.minted();
        for (int i = 0; i < 6; i++) {
            bridge.later(Duration.ofMinutes(9));
            Got beat =
                    bridge.post(
                            "/session",
                            "application/json",
                            "{\"handle\":\"" + handle + "\",\"targets\":[]}",
                            key);
            assertThat(beat.status()).isEqualTo(200);
            assertThat(beat.body().path("results")).isEmpty();
            handle = beat.handle();
        }
        assertThat(bridge.minted()).isEqualTo(minted);
        resumed(handle);
    }

    @Test
    void everyUseIsRecordedLikeAnExchange() {
        Got opened = opened("api");
        String session = opened.body().path("session").path("id").asText();
        resumed(opened.handle());
        List<String> kinds = new ArrayList<>();
        for (String line : record().split("\n")) {
            if (line.contains("\"session\":\"" + session + "\"")) {
                kinds.add(line.replaceFirst(".*?\"kind\":\"([a-z]+)\".*", "$1"));
            }
        }
        assertThat(kinds).containsExactly("issued", "session", "session", "issued");
        assertThat(issuances()).isEqualTo(2);
    }

    // What is refused.

    @Test
    void aGrantWithoutSessionOpensNone() {
        bridge.edit("  session: {max: 2h}\n", "");
        nothingMore(
                0,
                () -> {
                    Got refused = bridge.open(key, "api");
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.reason(0)).isEqualTo("session_refused");
                    assertThat(refused.body().has("handle")).isFalse();
                });
        assertThat(issuances()).isZero();
        assertThat(bridge.count()).isZero();
    }

    @Test
    void whetherThereIsASessionIsToldToNobodyWithoutAGrant() {
        bridge.edit("  match: {sub: job-42}", "  match: {sub: job-43}");
        assertThat(bridge.open(key, "api").reason(0)).isEqualTo("grant_missing");
        assertThat(bridge.open(key, "nowhere").reason(0)).isEqualTo("grant_missing");
    }

    @Test
    void withoutAProofNoneIsOpened() {
        nothingMore(
                0,
                () -> {
                    Got refused = bridge.credentials(bridge.token(), null, "api");
                    assertThat(refused.reason(0)).isEqualTo("proof_required");
                    assertThat(refused.body().has("handle")).isFalse();
                });
    }

    @Test
    void whatDidNotOpenASessionHasNoneOfIt() {
        Got opened = opened("api", "third");
        assertThat(opened.reason(1)).isEqualTo("grant_missing");
        bridge.edit(
                SessionBridge.GRANT,
                "allow: [{target: third}, {target: api, ttl: 10m, scopes: [read, write]},");
        Got resumed = resumed(opened.handle());
        assertThat(resumed.body().path("results")).hasSize(1);
        Got asked = bridge.form("/session", key, "handle", resumed.handle(), "audience", "third");
        assertThat(asked.reason(0)).isEqualTo("grant_missing");
        assertThat(asked.handle()).isNotEmpty();
        Got nowhere = bridge.form("/session", key, "handle", asked.handle(), "audience", "nowhere");
        assertThat(nowhere.reason(0)).isEqualTo("grant_missing");
    }

    @Test
    void scopeAndLifetimeOnlyNarrow() {
        bridge.edit("scopes: [read, write]}", "scopes: [read, write, admin]}");
        Got opened =
                bridge.post(
                        "/credentials",
                        "application/json",
                        """
                        {"subject_token": "%s", "session": 1,
                         "targets": [{"target": "api", "scope": "read write", "ttl": 300}]}
                        """
                                .formatted(bridge.token()),
                        key);
        Got all = resumed(opened.handle());
        assertThat(all.body().path("results").path(0).path("scope").asText())
                .isEqualTo("read write");
        Got wider =
                bridge.form(
                        "/session",
                        key,
                        "handle",
                        all.handle(),
                        "audience",
                        "api",
                        "scope",
                        "read admin");
        assertThat(wider.reason(0)).isEqualTo("scope_refused");
        Got less =
                bridge.form(
                        "/session",
                        key,
                        "handle",
                        wider.handle(),
                        "audience",
                        "api",
                        "scope",
                        "read",
                        "ttl",
                        "600");
        assertThat(less.body().path("results").path(0).path("scope").asText()).isEqualTo("read");
        assertThat(less.body().path("results").path(0).path("expires_in").asInt()).isEqualTo(300);
    }

    @Test
    void whatTheGrantGivesNoMoreIsRefusedAndNotTrimmed() {
        Got opened = opened("api", "other");
        bridge.edit("scopes: [read, write]}", "scopes: [read]}");
        Got resumed = bridge.resume(opened.handle(), key);
        assertThat(resumed.reason(0)).isEqualTo("scope_refused");
        assertThat(resumed.credential(1)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snh_",
                "x",
                "snh_01KAH2Q4W0V8M6T3N5R7X9Z1BC_1_AAAAAAAAAAAAAAAAAAAAAA",
                "snh_01KAH2Q4W0V8M6T3N5R7X9Z1BC_01_AAAAAAAAAAAAAAAAAAAAAA",
                "snh_01KAH2Q4W0V8M6T3N5R7X9Z1BC_999999999_AAAAAAAAAAAAAAAAAAAAAA",
                "rvk_01KAH2Q4W0V8M6T3N5R7X9Z1BC_AAAAAAAAAAAAAAAAAAAAAA",
                "snh_01KAH2Q4W0V8M6T3N5R7X9Z1BC_-1_AAAAAAAAAAAAAAAAAAAAAA"
            })
    void whatIsNoHandleIsNone(String handle) {
        nothingMore(
                0,
                () -> assertThat(bridge.resume(handle, key).reason()).isEqualTo("session_unknown"));
    }

    @Test
    void aHandleThatIsAlteredIsNone() {
        String handle = opened("api").handle();
        String next = handle.replace("_1_", "_2_");
        assertThat(bridge.resume(next, key).reason()).isEqualTo("session_unknown");
        resumed(handle);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | {}",
                "application/json | {\"handle\": 1}",
                "application/json | {\"handle\": \"x\", \"more\": 1}",
                "application/json | {\"handle\": \"x\", \"handle\": \"y\"}",
                "application/json | {\"handle\": \"x\", \"attempt\": 1}",
                "application/json | {\"handle\": \"x\", \"attempt\": \"short\"}",
                "application/json | {\"handle\": \"x\", \"targets\": {}}",
                "application/json | {\"handle\": \"x\", \"targets\": [{\"target\": \"a\"}, {\"target\": \"a\"}]}",
                "application/x-www-form-urlencoded | handle=",
                "application/x-www-form-urlencoded | handle=x&handle=y",
                "application/x-www-form-urlencoded | handle=x&attempt=short",
                "application/x-www-form-urlencoded | handle=x&scope=a",
                "application/x-www-form-urlencoded | handle=x&ttl=0&audience=a",
            })
    void whatIsNotWellFormedIsRefused(String type, String body) {
        assertThat(bridge.post("/session", type, body, key).reason())
                .isEqualTo("request_malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "yes", "\"1 \""})
    void sessionIsOneOrNothing(String value) {
        Got got =
                bridge.form(
                        "/token",
                        key,
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:jwt",
                        "subject_token",
                        bridge.token(),
                        "audience",
                        "api",
                        "session",
                        value);
        assertThat(got.reason()).isEqualTo("request_malformed");
    }

    // Copies.

    @Test
    void aCopiedHandleIsNothingWithoutTheKeyAndIsNoticed() {
        Got opened = opened("api");
        nothingMore(
                1,
                () -> {
                    assertThat(bridge.resume(opened.handle(), otherKey).reason())
                            .isEqualTo("proof_invalid");
                    assertThat(bridge.resume(opened.handle(), null).reason())
                            .isEqualTo("proof_required");
                });
        assertThat(bridge.alarms).containsExactly("OTHER_KEY", "NO_KEY");
        String session = opened.body().path("session").path("id").asText();
        assertThat(record().lines().filter(l -> l.contains("\"refused\"") && l.contains(session)))
                .hasSize(2);
        // The one who has both goes on.
        resumed(opened.handle());
    }

    @Test
    void aHandleThatIsUsedTwiceEndsTheSessionAndAllThatItGave() {
        Got opened = opened("api", "other");
        Got next = resumed(opened.handle());
        nothingMore(
                4,
                () ->
                        assertThat(bridge.resume(opened.handle(), key).reason())
                                .isEqualTo("session_replayed"));
        assertThat(bridge.active(opened.credential(0))).isFalse();
        assertThat(bridge.active(opened.credential(1))).isFalse();
        assertThat(bridge.active(next.credential(0))).isFalse();
        assertThat(bridge.active(next.credential(1))).isFalse();
        assertThat(bridge.alarms).containsExactly("REPLAYED");
        assertThat(bridge.ends).containsExactly("replayed");
        nothingMore(
                4,
                () ->
                        assertThat(bridge.resume(next.handle(), key).reason())
                                .isEqualTo("session_ended"));
        assertThat(bridge.metrics()).contains("reason=\"session_replayed\"");
        assertThat(record()).contains("\"reason\":\"replayed\"");
    }

    @Test
    void anOldHandleEndsItWhoeverShowsIt() {
        Got opened = opened("api");
        Got next = resumed(resumed(opened.handle()).handle());
        assertThat(bridge.resume(opened.handle(), null).reason()).isEqualTo("session_replayed");
        assertThat(bridge.active(next.credential(0))).isFalse();
    }

    @Test
    void aProofCountsOnceAndForItsDoor() {
        Got opened = opened("api");
        String body = "handle=" + opened.handle();
        String here = bridge.proof(key, "/session");
        String elsewhere = bridge.proof(key, "/token");
        nothingMore(
                1,
                () ->
                        assertThat(bridge.post("/session", SessionBridge.FORM, body, elsewhere))
                                .extracting(Got::reason)
                                .isEqualTo("proof_invalid"));
        Got next = bridge.post("/session", SessionBridge.FORM, body, here);
        assertThat(next.status()).isEqualTo(200);
        nothingMore(
                2,
                () ->
                        assertThat(
                                        bridge.post(
                                                "/session",
                                                SessionBridge.FORM,
                                                "handle=" + next.handle(),
                                                here))
                                .extracting(Got::reason)
                                .isEqualTo("proof_invalid"));
    }

    @Test
    void aSessionOfATokenThatMayNotBeOutlivedEndsWithIt() {
        bridge.edit("mayOutliveSubject: true", "mayOutliveSubject: false");
        Got opened = opened("api");
        bridge.later(Duration.ofMinutes(4));
        Got next = resumed(opened.handle());
        assertThat(next.body().path("results").path(0).path("expires_in").asInt())
                .isLessThanOrEqualTo(60);
        bridge.later(Duration.ofMinutes(2));
        assertThat(bridge.resume(next.handle(), key).reason(0)).isEqualTo("ttl_refused");
    }

    // Lost answers.

    @Test
    void theSameAttemptGetsALostAnswerAgain() {
        Got opened = opened("api");
        Got lost = bridge.resume(opened.handle(), key, ATTEMPT);
        Got again = bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(again.status()).isEqualTo(200);
        assertThat(bridge.active(lost.credential(0))).as("nobody has it").isFalse();
        assertThat(bridge.active(again.credential(0))).isTrue();
        Got third = bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(third.status()).isEqualTo(200);
        resumed(third.handle());
        assertThat(bridge.alarms).isEmpty();
    }

    @Test
    void aHandleOfALostAnswerEndsTheSession() {
        Got opened = opened("api");
        Got lost = bridge.resume(opened.handle(), key, ATTEMPT);
        bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(bridge.resume(lost.handle(), key).reason()).isEqualTo("session_replayed");
    }

    @Test
    void anotherAttemptIsAReplay() {
        Got opened = opened("api");
        bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(bridge.resume(opened.handle(), key, ATTEMPT + "x").reason())
                .isEqualTo("session_replayed");
    }

    @Test
    void theSameAttemptOfAnotherKeyIsAReplay() {
        Got opened = opened("api");
        bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(bridge.resume(opened.handle(), otherKey, ATTEMPT).reason())
                .isEqualTo("session_replayed");
        assertThat(bridge.count()).isZero();
    }

    @Test
    void aLostAnswerIsNotGivenAgainLater() {
        Got opened = opened("api");
        bridge.resume(opened.handle(), key, ATTEMPT);
        bridge.later(Duration.ofMinutes(2));
        assertThat(bridge.resume(opened.handle(), key, ATTEMPT).reason())
                .isEqualTo("session_replayed");
    }

    @Test
    void aLostAnswerIsNotGivenAgainOnceTheNextHandleWasUsed() {
        Got opened = opened("api");
        Got next = bridge.resume(opened.handle(), key, ATTEMPT);
        resumed(next.handle());
        assertThat(bridge.resume(opened.handle(), key, ATTEMPT).reason())
                .isEqualTo("session_replayed");
    }

    // Ends.

    @Test
    void afterPostThereIsNothing() {
        Got opened = opened("api");
        Got next = resumed(opened.handle());
        assertThat(bridge.form("/revoke", null, "token", next.handle()).status()).isEqualTo(200);
        assertThat(bridge.active(opened.credential(0))).isFalse();
        assertThat(bridge.active(next.credential(0))).isFalse();
        nothingMore(
                2,
                () ->
                        assertThat(bridge.resume(next.handle(), key).reason())
                                .isEqualTo("session_ended"));
        assertThat(bridge.alarms).containsExactly("AFTER_END");
        assertThat(bridge.ends).containsExactly("revoked");
        assertThat(bridge.form("/revoke", null, "token", next.handle()).status()).isEqualTo(200);
        assertThat(bridge.form("/revoke", null, "token", "snh_nonsense").status()).isEqualTo(200);
    }

    @Test
    void twoMissedHeartbeatsEndIt() {
        Got opened = opened("api");
        bridge.later(TEN_MINUTES.minusSeconds(1));
        bridge.upkeep();
        Got next = resumed(opened.handle());
        bridge.later(TEN_MINUTES.minusSeconds(5));
        bridge.upkeep();
        assertThat(bridge.count()).isEqualTo(1);
        assertThat(bridge.active(next.credential(0))).isTrue();
        bridge.later(Duration.ofSeconds(5));
        assertThat(bridge.resume(next.handle(), key).reason()).isEqualTo("session_ended");
        assertThat(bridge.ends).containsExactly("missed");
    }

    @Test
    void nobodyHasToComeForAMissedHeartbeatToBeNoticed() {
        opened("api");
        bridge.later(TEN_MINUTES);
        bridge.upkeep();
        assertThat(bridge.ends).containsExactly("missed");
        assertThat(bridge.count()).isZero();
        assertThat(record()).contains("two heartbeats did not come");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issuer_unknown | spec: {issuer: | spec: {enabled: false, issuer:",
                "subject_disabled | spec: {issuer: | spec: {denied: [{sub: job-42}], issuer:",
                "subject_disabled | spec: {issuer: | spec: {denied: [{branch: main}], issuer:",
                "grant_missing | session: {max: 2h} | enabled: false",
                "grant_missing | session: {max: 2h} | expires: 2020-01-01",
                "grant_missing | session: {max: 2h} | mode: shadow",
                "grant_missing | claims.branch == 'main' | claims.branch == 'release'",
                "session_refused | session: {max: 2h} | enabled: true",
                "session_refused | session: {max: 2h} | session: {max: 1s}",
                "grant_missing | spec: {owner: team@acme.example, jwt: {audience: \"https://api | spec: {enabled: false, owner: team@acme.example, jwt: {audience: \"https://api",
            })
    void whatIsTakenAwayIsGoneForSessionsToo(String reason, String from, String to) {
        Got opened = opened("api");
        bridge.later(Duration.ofSeconds(2));
        String before = from.strip();
        String after = to.strip();
        bridge.edit(before, after);
        nothingMore(
                1,
                () -> {
                    Got refused = bridge.resume(opened.handle(), key);
                    String told =
                            refused.reason().equals("none") ? refused.reason(0) : refused.reason();
                    assertThat(told).isEqualTo(reason);
                    assertThat(refused.body().has("handle")).isFalse();
                });
        assertThat(bridge.ends).containsExactly("switched_off");
        assertThat(bridge.active(opened.credential(0))).isFalse();
        bridge.edit(after, before);
        assertThat(bridge.resume(opened.handle(), key).reason())
                .as("it does not come back with the rules")
                .isEqualTo("session_ended");
    }

    @Test
    void whatIsTakenAwayEndsSessionsThatNobodyUses() {
        Got opened = opened("api", "other");
        bridge.edit("session: {max: 2h}", "enabled: false");
        bridge.upkeep();
        assertThat(bridge.ends).containsExactly("switched_off");
        assertThat(bridge.active(opened.credential(0))).isFalse();
        assertThat(bridge.active(opened.credential(1))).isFalse();
    }

    @Test
    void oneTargetThatIsGoneEndsNotTheOthers() {
        Got opened = opened("api", "other");
        bridge.edit(
                "spec: {owner: team@acme.example, jwt: {audience: \"https://other",
                "spec: {enabled: false, owner: team@acme.example, jwt: {audience: \"https://other");
        bridge.upkeep();
        Got resumed = resumed(opened.handle());
        assertThat(resumed.credential(0)).isNotEmpty();
        assertThat(resumed.reason(1)).isEqualTo("grant_missing");
    }

    // The bridge comes and goes.

    @Test
    void aSessionSurvivesARestart() {
        Got opened = opened("api", "other");
        Got next = resumed(opened.handle());
        bridge.stop();
        bridge.later(Duration.ofMinutes(30));
        bridge.start();
        bridge.upkeep();
        Got after = resumed(next.handle());
        assertThat(after.body().path("results")).hasSize(2);
        assertThat(bridge.resume(opened.handle(), key).reason()).isEqualTo("session_replayed");
        assertThat(bridge.active(after.credential(0))).isFalse();
    }

    @Test
    void whatWasGivenBeforeARestartIsRevokedAfterIt() {
        Got opened = opened("api", "other");
        Got next = resumed(opened.handle());
        bridge.stop();
        bridge.start();
        bridge.form("/revoke", null, "token", next.handle());
        for (Got got : List.of(opened, next)) {
            assertThat(bridge.active(got.credential(0))).isFalse();
            assertThat(bridge.active(got.credential(1))).isFalse();
        }
    }

    @Test
    void anAnswerThatTheRestartLostIsGivenAgain() {
        Got opened = opened("api");
        bridge.resume(opened.handle(), key, ATTEMPT);
        bridge.stop();
        bridge.start();
        Got again = bridge.resume(opened.handle(), key, ATTEMPT);
        assertThat(again.status()).isEqualTo(200);
        resumed(again.handle());
    }

    @Test
    void anEndSurvivesARestart() {
        Got opened = opened("api");
        bridge.form("/revoke", null, "token", opened.handle());
        bridge.stop();
        bridge.start();
        assertThat(bridge.resume(opened.handle(), key).reason()).isEqualTo("session_ended");
    }

    @Test
    void aSessionSurvivesManyFilesOfTheRecord() throws IOException {
        bridge.smallFiles();
        Got got = opened("api", "other");
        String first = got.credential(0);
        for (int i = 0; i < 40; i++) {
            got = resumed(got.handle());
        }
        assertThat(bridge.filesOfTheRecord()).isGreaterThan(3);
        bridge.stop();
        bridge.start();
        bridge.stop();
        bridge.start();
        got = resumed(got.handle());
        bridge.form("/revoke", null, "token", got.handle());
        assertThat(bridge.active(first)).isFalse();
        assertThat(bridge.active(got.credential(1))).isFalse();
    }

    @Test
    void whatCannotBeRecordedIsNotGiven() {
        Got opened = opened("api");
        bridge.ledger().close();
        Got refused = bridge.resume(opened.handle(), key);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.reason()).isEqualTo("ledger_unavailable");
        assertThat(refused.body().has("handle")).isFalse();
        assertThat(bridge.open(key, "api").status()).isEqualTo(503);
    }

    @Test
    void nothingOfASessionIsWrittenAnywhere() throws IOException {
        try (LeakCheck leaks = new LeakCheck()) {
            LoggerFactory.getLogger(SessionTest.class).trace("heard");
            String token = bridge.token();
            Got opened = bridge.credentials(token, key, "api");
            Got next = bridge.resume(opened.handle(), key, ATTEMPT);
            bridge.resume(opened.handle(), otherKey);
            bridge.resume(next.handle(), key);
            leaks.token("subject token", token);
            leaks.token("first credential", opened.credential(0));
            leaks.token("second credential", next.credential(0));
            leaks.secret("first handle", opened.handle());
            leaks.secret("second handle", next.handle());
            leaks.secret("first handle's code", opened.handle().substring(33));
            leaks.secret("attempt", ATTEMPT);
            leaks.secret("key", key.jwk().reveal());
            leaks.files(bridge.data().resolve("audit"));
            leaks.sink("metrics", bridge.metrics());
            leaks.assertNothingLeaked();
        }
    }
}
