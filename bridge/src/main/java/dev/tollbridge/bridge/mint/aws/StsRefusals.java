package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an error of STS means (STS API reference, AssumeRoleWithWebIdentity, "Errors", and "Common
/// errors"), told apart by whether asking again may help and, for the operator, by whose mistake it
/// is. Of AWS's own words only the code is passed on: the message quotes ARNs and claims.
final class StsRefusals {

    private static final int LONGEST_CODE = 64;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private StsRefusals() {}

    static MintFailure keyNotKnown(String issuer, Target target) {
        return MintFailure.refused(
                "refused by AWS, InvalidIdentityToken: is there an IAM identity provider for "
                        + issuer
                        + " with the audience "
                        + AwsStsMinter.AUDIENCE
                        + " in the role's account, and can AWS read the keys there? See: tollbridge"
                        + " setup aws --target "
                        + target.name());
    }

    /// @param status of the answer
    /// @param code AWS's word for it, or null
    /// @param retryAfter what the answer's header of that name says, or null
    static MintFailure of(int status, @Nullable String code, @Nullable String retryAfter) {
        String known = safe(code) ? String.valueOf(code) : "HTTP " + status;
        if (status == 429 || throttled(known)) {
            return MintFailure.unavailable(
                    "AWS answers too many requests: " + known, true, seconds(retryAfter));
        }
        if (status >= 500) {
            // STS may have made a session before it failed. Nobody has its keys.
            return MintFailure.unavailable(
                    "AWS failed: " + known, false, retryAfter == null ? null : seconds(retryAfter));
        }
        return switch (known) {
            case "IDPCommunicationError" ->
                    MintFailure.unavailable(
                                    "AWS could not read the bridge's keys:"
                                            + " IDPCommunicationError; is /federation/jwks of the"
                                            + " external URL reachable from the internet?",
                                    true,
                                    SOON)
                            .safeToRetry();
            case "ExpiredTokenException", "ExpiredToken" ->
                    refused(known, "the clocks of the bridge and of AWS differ");
            case "IDPRejectedClaim" -> refused(known, "the identity provider rejects the token");
            case "AccessDenied", "AccessDeniedException" ->
                    refused(
                            known,
                            "the role's trust policy does not let this target in, or lacks"
                                    + " sts:TagSession or sts:SetSourceIdentity; see: tollbridge"
                                    + " setup aws");
            case "MalformedPolicyDocument", "MalformedPolicyDocumentException" ->
                    misconfigured(known, "the target's sessionPolicy is no policy");
            case "PackedPolicyTooLarge", "PackedPolicyTooLargeException" ->
                    misconfigured(
                            known,
                            "sessionPolicy, policyArns and sessionTags together are too long");
            case "RegionDisabledException", "RegionDisabled" ->
                    misconfigured(known, "STS is not active in the target's region");
            case "ValidationError", "ValidationException", "InvalidParameterValue" ->
                    misconfigured(
                            known,
                            "most often the lifetime is above the role's MaxSessionDuration, or a"
                                    + " policy ARN is of another account");
            default -> MintFailure.refused("refused by AWS: " + known);
        };
    }

    /// No answer came.
    static MintFailure of(FetchFailure failure) {
        return switch (failure.kind()) {
            case URL_REFUSED -> MintFailure.refused(failure.getMessage());
            case NAME_UNRESOLVED, ADDRESS_REFUSED, TLS_FAILED ->
                    MintFailure.unavailable(failure.getMessage(), true, null);
            case CONNECT_FAILED ->
                    MintFailure.unavailable(failure.getMessage(), true, null).safeToRetry();
            case OVERLOADED -> MintFailure.unavailable(failure.getMessage(), true, SOON);
            // Whoever redirects has not assumed a role.
            case REDIRECTED -> MintFailure.unavailable(failure.getMessage(), true, null);
            case TIMED_OUT, CONNECTION_LOST, TOO_LARGE, ANSWER_MALFORMED ->
                    MintFailure.unavailable(failure.getMessage(), false, null);
        };
    }

    /// An answer came that is none. A session may exist whose keys nobody has.
    static MintFailure unreadable(String what) {
        return MintFailure.unavailable("AWS answers " + what, false, null);
    }

    private static MintFailure refused(String code, String why) {
        return MintFailure.refused("refused by AWS, " + code + ": " + why);
    }

    private static MintFailure misconfigured(String code, String why) {
        return MintFailure.refused("the target is misconfigured, " + code + ": " + why);
    }

    private static boolean throttled(String code) {
        return switch (code) {
            case "Throttling",
                    "ThrottlingException",
                    "ThrottledException",
                    "RequestThrottled",
                    "RequestThrottledException",
                    "RequestLimitExceeded",
                    "TooManyRequestsException",
                    "BandwidthLimitExceeded",
                    "LimitExceededException",
                    "SlowDown" ->
                    true;
            default -> false;
        };
    }

    private static boolean safe(@Nullable String code) {
        return code != null
                && !code.isEmpty()
                && code.length() <= LONGEST_CODE
                && code.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || c == '.');
    }

    /// RFC 9110 section 10.2.3, the form in seconds; a date says no more than a guess would.
    private static Duration seconds(@Nullable String retryAfter) {
        if (retryAfter == null
                || retryAfter.isEmpty()
                || retryAfter.length() > 6
                || !retryAfter.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return SOON;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }
}
