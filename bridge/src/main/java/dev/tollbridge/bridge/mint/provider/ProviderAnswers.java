package dev.tollbridge.bridge.mint.provider;

import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What it means for a credential that a provider answered so, or did not answer.
public final class ProviderAnswers {

    /// What a caller is told to wait when the provider does not say.
    static final Duration UNSAID_WAIT = Duration.ofSeconds(1);

    /// A provider's word about waiting is believed up to here.
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final int MAX_CODE = 64;

    private ProviderAnswers() {}

    /// Sends the request.
    ///
    /// @throws MintFailure when there is no answer
    public static FetchResponse ask(Fetcher fetcher, FetchRequest request) throws MintFailure {
        try {
            return fetcher.send(request);
        } catch (FetchFailure failure) {
            throw unanswered(failure);
        }
    }

    /// There is no answer. Whether a credential may exist all the same depends on whether the
    /// request can have arrived.
    public static MintFailure unanswered(FetchFailure failure) {
        String detail = failure.getMessage();
        return switch (failure.kind()) {
            // Nothing that waiting helps against, and nothing that says the provider is down.
            case URL_REFUSED, ADDRESS_REFUSED -> MintFailure.refused(detail);
            case OVERLOADED -> new MintFailure(RefusalReason.OVERLOADED, detail, true, UNSAID_WAIT);
            case NAME_UNRESOLVED, CONNECT_FAILED ->
                    MintFailure.unavailable(detail, true, UNSAID_WAIT).safeToRetry();
            case TLS_FAILED -> MintFailure.unavailable(detail, true, UNSAID_WAIT);
            // A 3xx carries no credential, and nobody went where it points.
            case REDIRECTED -> MintFailure.unavailable(detail, true, UNSAID_WAIT);
            // The status may have been 200.
            case TOO_LARGE, ANSWER_MALFORMED, TIMED_OUT, CONNECTION_LOST ->
                    MintFailure.unavailable(detail, false, UNSAID_WAIT);
        };
    }

    /// The provider did not give a credential, by its status.
    ///
    /// @param said what it said, such as `invalid_client`, from {@link #code}; null: nothing that
    ///   could be read
    /// @param sure whether a 5xx is certain to have left nothing behind
    public static MintFailure unwilling(
            FetchResponse response, @Nullable String said, boolean sure, Instant now) {
        int status = response.status();
        String detail = "the provider answers " + status + (said == null ? "" : " " + said);
        if (status == 429) {
            return MintFailure.unavailable(detail, true, wait(response, now));
        }
        if (status >= 400 && status < 500 && status != 408) {
            return MintFailure.refused(detail);
        }
        // 408: the server did not get the whole request (RFC 9110 section 15.5.9).
        MintFailure failure =
                MintFailure.unavailable(detail, sure || status == 408, wait(response, now));
        return sure && response.header("retry-after") == null ? failure.safeToRetry() : failure;
    }

    /// What came as a credential cannot be read: one may exist.
    public static MintFailure unreadable(String what) {
        return MintFailure.unavailable("the provider's answer " + what, false, UNSAID_WAIT);
    }

    /// How long the provider asks to be left alone (RFC 9110 section 10.2.3).
    public static Duration wait(FetchResponse response, Instant now) {
        String written = response.header("retry-after");
        Duration wait = written == null ? null : parsed(written.strip(), now);
        return wait == null ? UNSAID_WAIT : bounded(wait);
    }

    /// What a provider asks for, at least a second and at most {@link #LONGEST_WAIT}.
    public static Duration bounded(Duration wait) {
        if (wait.compareTo(UNSAID_WAIT) < 0) {
            return UNSAID_WAIT;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static @Nullable Duration parsed(String written, Instant now) {
        if (!written.isEmpty()
                && written.length() <= 9
                && written.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(Long.parseLong(written));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(written, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// A provider's error code, fit for the record: short, and of an alphabet that can neither
    /// break a line nor hold a token. Null for anything else.
    public static @Nullable String code(@Nullable Object written) {
        if (!(written instanceof String text) || text.isEmpty() || text.length() > MAX_CODE) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean safe =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '_'
                            || c == '-';
            if (!safe) {
                return null;
            }
        }
        // Every JWT starts so, and no error code does.
        return text.startsWith("eyJ") ? null : text;
    }
}
