package dev.tollbridge.bridge.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.client.TokenClient.Wish;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A job session at a bridge (`POST /session`), for one target. Its key and handle are in this
/// object only. For one thread.
public final class JobSession {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Http http;
    private final BridgeUrl bridge;
    private final InstantSource clock;
    private final DpopKey key;
    private final Duration heartbeat;
    private Secret handle;
    private String attempt = name();
    private @Nullable String nonce;

    private JobSession(
            Http http,
            BridgeUrl bridge,
            InstantSource clock,
            DpopKey key,
            @Nullable String nonce,
            Secret handle,
            Duration heartbeat) {
        this.http = http;
        this.bridge = bridge;
        this.clock = clock;
        this.key = key;
        this.nonce = nonce;
        this.handle = handle;
        this.heartbeat = heartbeat;
    }

    /// What came of asking for a session.
    public sealed interface Opening {

        record Opened(JobSession session, TokenAnswer token) implements Opening {}

        record Refused(RefusedByBridge refusal) implements Opening {}
    }

    /// What came of one step.
    public sealed interface Step {

        /// @param token null: none was asked for
        record Went(@Nullable TokenAnswer token) implements Step {}

        /// The session goes on; the same step may be tried again.
        record Later(String why) implements Step {}

        /// The session is over.
        record Over(RefusedByBridge refusal) implements Step {}
    }

    /// @throws Unreachable when no bridge answers
    public static Opening open(
            Http http, BridgeUrl bridge, InstantSource clock, Secret subjectToken, Wish wish) {
        DpopKey key = DpopKey.generate();
        TokenClient.Posted posted =
                new TokenClient(http, bridge, clock).post(subjectToken, wish, key, true);
        HttpAnswer answer = posted.answer();
        if (answer.status() != 200) {
            return new Opening.Refused(RefusedByBridge.of(answer));
        }
        Map<String, @Nullable Object> json = answer.json();
        if (!(json.get("handle") instanceof String handle)
                || !(json.get("session") instanceof Map<?, ?> session)
                || !(session.get("heartbeat") instanceof Number heartbeat)
                || heartbeat.longValue() < 2) {
            throw new Unreachable("the answer has no session; is this bridge a recent one?");
        }
        return new Opening.Opened(
                new JobSession(
                        http,
                        bridge,
                        clock,
                        key,
                        posted.nonce(),
                        Secret.of(handle),
                        Duration.ofSeconds(heartbeat.longValue())),
                credential(json));
    }

    /// Without what is of the session: that stays here.
    private static TokenAnswer credential(Map<String, @Nullable Object> json) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(json);
        members.remove("handle");
        members.remove("session");
        return TokenAnswer.of(members, text(members));
    }

    /// How often the bridge has to be asked at least.
    public Duration heartbeat() {
        return heartbeat;
    }

    /// Asks for the credential again.
    public Step renew() {
        return step(false);
    }

    /// Says that the job still runs.
    public Step beat() {
        return step(true);
    }

    private Step step(boolean beat) {
        HttpAnswer answer;
        try {
            answer = post(beat);
            String wanted = answer.header("dpop-nonce");
            if (wanted != null && "use_dpop_nonce".equals(answer.json().get("error"))) {
                nonce = wanted;
                answer = post(beat);
            }
            Map<String, @Nullable Object> json = answer.json();
            if (json.get("handle") instanceof String next) {
                handle = Secret.of(next);
                attempt = name();
                return beat ? new Step.Went(null) : given(json);
            }
            RefusedByBridge refusal = RefusedByBridge.of(answer);
            return refusal.temporary() ? new Step.Later(refusal.reason()) : new Step.Over(refusal);
        } catch (Unreachable e) {
            // The bridge may have answered: the same attempt gets a lost answer again.
            return new Step.Later(String.valueOf(e.getMessage()));
        }
    }

    private static Step given(Map<String, @Nullable Object> json) {
        if (json.get("results") instanceof List<?> results
                && results.size() == 1
                && results.getFirst() instanceof Map<?, ?> result) {
            if (result.get("reason") instanceof String reason) {
                return new Step.Later(reason);
            }
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            result.forEach((name, value) -> members.put(String.valueOf(name), value));
            return new Step.Went(credential(members));
        }
        return new Step.Later("the answer has no result");
    }

    private HttpAnswer post(boolean beat) {
        URI url = bridge.at("/session");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("handle", handle.reveal());
        body.put("attempt", attempt);
        if (beat) {
            body.put("targets", List.of());
        }
        return http.postJson(
                url, text(body), Map.of("DPoP", key.proof("POST", url, nonce, clock.instant())));
    }

    /// Ends the session and what it was given, as far as the bridge can be reached.
    ///
    /// @return whether the bridge took it
    public boolean end() {
        try {
            return http.postForm(bridge.at("/revoke"), Map.of("token", handle), Map.of()).status()
                    == 200;
        } catch (Unreachable e) {
            return false;
        }
    }

    private static Secret text(Map<String, ?> tree) {
        try {
            return Secret.of(MAPPER.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and strings are JSON", e);
        }
    }

    /// 128 random bits.
    private static String name() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
