package dev.tollbridge.bridge.mint.provider;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An OAuth 2.0 token endpoint (RFC 6749 section 3.2), asked by the bridge.
public final class TokenEndpoint {

    private static final int MAX_TOKEN = 64 * 1024;

    /// Nobody issues for longer; a larger number is no number of seconds.
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final Function<Claims, @Nullable String> error;

    /// @param error what an error body says, fit for the record
    public TokenEndpoint(
            Fetcher fetcher, InstantSource clock, Function<Claims, @Nullable String> error) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.error = error;
    }

    /// A token as it came, and nothing else of the answer: a refresh token in it is dropped here,
    /// because nothing that is issued may outlive its decision.
    ///
    /// @param token not yet looked at by anybody
    /// @param type as written, such as `Bearer`
    /// @param expiresAt null when the server did not say
    /// @param scope null when the server did not say: what was asked for (RFC 6749 section 5.1)
    /// @param issuedType null when the server did not say
    public record Issued(
            Secret token,
            @Nullable String type,
            @Nullable Instant expiresAt,
            @Nullable Set<String> scope,
            @Nullable String issuedType) {

        /// Whether it is a bearer token (RFC 6750); the name is without regard to case (RFC 6749
        /// section 5.1).
        public boolean bearer() {
            return type != null && type.equalsIgnoreCase("Bearer");
        }

        /// Whether it has a scope that was not asked for.
        public boolean widerThan(Set<String> asked) {
            return scope != null && !asked.containsAll(scope);
        }
    }

    /// @throws MintFailure when there is no token
    public Issued ask(FetchRequest request) throws MintFailure {
        // Before the request leaves: a life counted from later would end after the token does.
        Instant asked = clock.instant();
        FetchResponse response = ProviderAnswers.ask(fetcher, request);
        Claims body = body(response);
        if (response.status() != 200) {
            String said = body == null ? null : error.apply(body);
            // A server that can say what is wrong in the protocol's own words issued nothing.
            throw ProviderAnswers.unwilling(
                    response, said, body != null && body.has("error"), clock.instant());
        }
        if (body == null) {
            throw ProviderAnswers.unreadable("is no JSON object");
        }
        return issued(body, asked);
    }

    private static @Nullable Claims body(FetchResponse response) {
        try {
            return StrictJson.object(response.body());
        } catch (StrictJson.Malformed e) {
            return null;
        }
    }

    private static Issued issued(Claims body, Instant asked) throws MintFailure {
        String token = body.string("access_token");
        if (token == null || !isToken(token)) {
            throw ProviderAnswers.unreadable("holds no access token");
        }
        return new Issued(
                Secret.of(token),
                body.string("token_type"),
                expiry(body.get("expires_in"), asked),
                scope(body),
                body.string("issued_token_type"));
    }

    /// RFC 6749 appendix A.12: printable ASCII. Without space, because it goes into a header.
    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_TOKEN
                && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /// Some servers write the number as a string.
    private static @Nullable Instant expiry(@Nullable Object written, Instant asked) {
        Long seconds =
                switch (written) {
                    case Long number -> number;
                    case String text when text.matches("[0-9]{1,9}") -> Long.valueOf(text);
                    case null, default -> null;
                };
        if (seconds == null || Math.abs(seconds) > LONGEST.toSeconds()) {
            return null;
        }
        return Instant.ofEpochSecond(asked.getEpochSecond() + seconds);
    }

    /// Empty when the server says that there is none; one that is no text is taken for a scope
    /// nobody asked for.
    private static @Nullable Set<String> scope(Claims body) {
        Object written = body.get("scope");
        if (written == null) {
            return null;
        }
        if (!(written instanceof String text)) {
            return Set.of("(unreadable)");
        }
        Set<String> scope = new TreeSet<>(List.of(text.split(" ", -1)));
        scope.remove("");
        return scope;
    }
}
