package dev.tollbridge.bridge.http;

import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of a token request, by their syntax.
final class Requested {

    /// 128 random bits.
    private static final int SHORTEST_ATTEMPT = 22;

    private static final int LONGEST_ATTEMPT = 128;
    private static final int MAX_SCOPE_TOKENS = 100;
    private static final String TYPE = "urn:ietf:params:oauth:token-type:";
    private static final String OUR_TYPE = "urn:tollbridge:params:oauth:token-type:";
    private static final String TTL = "ttl has to be a positive integer of seconds.";

    // As long as any credential could live, and far from overflowing an Instant.
    private static final long LONGEST_TTL = Integer.MAX_VALUE;

    private Requested() {}

    /// The token types a subject token can have (RFC 8693 section 3). They are treated alike: what
    /// a token is follows from its issuer, not from what its bearer calls it.
    static void subjectTokenType(String type) throws BadRequest {
        switch (type) {
            case TYPE + "jwt", TYPE + "id_token", TYPE + "access_token" -> {}
            default -> throw BadRequest.malformed("subject_token_type is not supported.");
        }
    }

    static void requestedTokenType(@Nullable String type) throws BadRequest {
        if (type == null) {
            return;
        }
        switch (type) {
            case TYPE + "access_token",
                    TYPE + "jwt",
                    OUR_TYPE + "aws-credentials",
                    OUR_TYPE + "kubernetes-exec-credential" -> {}
            default -> throw BadRequest.malformed("requested_token_type is not supported.");
        }
    }

    /// Digits without a leading zero. However many: above what is allowed it is capped.
    static @Nullable Duration ttl(@Nullable String text) throws BadRequest {
        if (text == null) {
            return null;
        }
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || (i == 0 && c == '0')) {
                throw BadRequest.malformed(TTL);
            }
            seconds = Math.min(LONGEST_TTL, seconds * 10 + (c - '0'));
        }
        return Duration.ofSeconds(seconds);
    }

    static Duration ttl(Object json) throws BadRequest {
        return switch (json) {
            case Long seconds when seconds > 0 ->
                    Duration.ofSeconds(Math.min(seconds, LONGEST_TTL));
            case BigInteger seconds when seconds.signum() > 0 -> Duration.ofSeconds(LONGEST_TTL);
            default -> throw BadRequest.malformed(TTL);
        };
    }

    /// Whether a job session is asked for: `1`, or in JSON `true`.
    static boolean session(@Nullable Object asked) throws BadRequest {
        return switch (asked) {
            case null -> false;
            case Boolean yes -> yes;
            case Long number when number == 1 -> true;
            case String text when text.equals("1") || text.equals("true") -> true;
            default -> throw BadRequest.malformed("session has to be 1.");
        };
    }

    /// A name for an attempt: nothing that anybody could guess.
    static @Nullable String attempt(@Nullable String text) throws BadRequest {
        if (text == null) {
            return null;
        }
        boolean plain = text.length() >= SHORTEST_ATTEMPT && text.length() <= LONGEST_ATTEMPT;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            plain |= c == '-' || c == '_';
        }
        if (!plain) {
            throw BadRequest.malformed("attempt has to be 22 to 128 characters of base64url.");
        }
        return text;
    }

    /// RFC 6749 section 3.3: tokens of visible ASCII without quote and backslash, one space between
    /// them.
    static @Nullable Set<String> scope(@Nullable String text) throws BadRequest {
        if (text == null || text.isEmpty()) {
            return null;
        }
        Set<String> scope = new LinkedHashSet<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            if (c == ' ') {
                if (i == from || scope.size() == MAX_SCOPE_TOKENS) {
                    throw BadRequest.malformed("scope is not well formed.");
                }
                scope.add(text.substring(from, i));
                from = i + 1;
            } else if (c <= 0x20 || c > 0x7E || c == '"' || c == '\\') {
                throw BadRequest.malformed("scope is not well formed.");
            }
        }
        return scope;
    }
}
