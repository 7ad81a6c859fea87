package dev.tollbridge.bridge.client;

import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks `POST /token` for a credential (RFC 8693), once; a second time only where the bridge wants
/// a nonce in the proof of possession (RFC 9449 section 8).
public final class TokenClient {

    private final Http http;
    private final BridgeUrl bridge;
    private final InstantSource clock;

    public TokenClient(Http http, BridgeUrl bridge, InstantSource clock) {
        this.http = http;
        this.bridge = bridge;
        this.clock = clock;
    }

    /// What is asked for.
    ///
    /// @param scope null: all that is granted
    /// @param ttl seconds; null: as long as is allowed
    public record Wish(String target, @Nullable String scope, @Nullable Integer ttl) {}

    /// @param key what the credential is to be bound to; null: nothing
    /// @throws Unreachable when no bridge answers
    public ExchangeAnswer exchange(Secret subjectToken, Wish wish, @Nullable DpopKey key) {
        HttpAnswer answer = post(subjectToken, wish, key, false).answer();
        return answer.status() == 200
                ? new ExchangeAnswer.Issued(TokenAnswer.of(answer))
                : new ExchangeAnswer.Refused(RefusedByBridge.of(answer));
    }

    /// @param nonce what the bridge wants in proofs; null: nothing
    record Posted(HttpAnswer answer, @Nullable String nonce) {}

    /// @param session whether a job session is to be opened
    Posted post(Secret subjectToken, Wish wish, @Nullable DpopKey key, boolean session) {
        Map<String, Secret> form = new LinkedHashMap<>();
        form.put("grant_type", Secret.of("urn:ietf:params:oauth:grant-type:token-exchange"));
        form.put("subject_token_type", Secret.of("urn:ietf:params:oauth:token-type:jwt"));
        form.put("subject_token", subjectToken);
        form.put("audience", Secret.of(wish.target()));
        if (wish.scope() != null) {
            form.put("scope", Secret.of(wish.scope()));
        }
        if (wish.ttl() != null) {
            form.put("ttl", Secret.of(wish.ttl().toString()));
        }
        if (session) {
            form.put("session", Secret.of("1"));
        }
        HttpAnswer answer = post(form, key, null);
        String nonce = answer.header("dpop-nonce");
        if (key != null && nonce != null && answer.status() == 400) {
            answer = post(form, key, nonce);
        }
        return new Posted(answer, nonce);
    }

    private HttpAnswer post(
            Map<String, Secret> form, @Nullable DpopKey key, @Nullable String nonce) {
        URI url = bridge.at("/token");
        Map<String, Secret> headers =
                key == null
                        ? Map.of()
                        : Map.of("DPoP", key.proof("POST", url, nonce, clock.instant()));
        return http.postForm(url, form, headers);
    }
}
