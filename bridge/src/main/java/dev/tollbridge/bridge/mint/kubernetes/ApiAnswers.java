package dev.tollbridge.bridge.mint.kubernetes;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.mint.MintFailure;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// What an API server's refusals mean (Kubernetes API conventions, "Response status kind"), in
/// words for the operator. Its messages quote requests, so only what has a fixed alphabet is taken
/// from them.
final class ApiAnswers {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9.\\[\\]/_-]{1,80}");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private ApiAnswers() {}

    /// @param what was asked, such as "create serviceaccounts/token of payments/deployer"
    /// @param target its name, for the command that helps
    static MintFailure failure(RuntimeException thrown, String what, String target) {
        if (ClusterClients.unusable(thrown)) {
            return MintFailure.unavailable(String.valueOf(thrown.getMessage()), true, RETRY_AFTER);
        }
        if (!(thrown instanceof KubernetesClientException answer) || answer.getCode() <= 0) {
            return noAnswer(thrown, what);
        }
        int code = answer.getCode();
        return switch (code) {
            case 401 ->
                    MintFailure.refused(
                            "the API server does not know the bridge's own credential (401)");
            case 403 ->
                    MintFailure.refused(
                            "RBAC does not let the bridge "
                                    + what
                                    + " (403); tollbridge setup kubernetes --target "
                                    + target
                                    + " prints what it needs");
            case 404 -> MintFailure.refused("cannot " + what + ": there is no " + missing(answer));
            case 400, 409, 422 ->
                    MintFailure.refused(
                            "the API server refuses to "
                                    + what
                                    + " ("
                                    + code
                                    + words(answer)
                                    + ")");
            case 429 ->
                    MintFailure.unavailable(
                            "the API server is asked too often (429)", true, wait(answer));
            default ->
                    code >= 500
                            ? MintFailure.unavailable(
                                    "the API server failed (" + code + ")", false, wait(answer))
                            : MintFailure.unavailable(
                                    "the API server answered " + code,
                                    // Whoever redirects has made no token.
                                    code >= 300 && code < 400,
                                    RETRY_AFTER);
        };
    }

    /// Nobody answered, or not as an API server does.
    private static MintFailure noAnswer(RuntimeException thrown, String what) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof SSLHandshakeException) {
                return MintFailure.unavailable(
                                "the API server cannot be reached ("
                                        + cause.getClass().getSimpleName()
                                        + ")",
                                true,
                                RETRY_AFTER)
                        .safeToRetry();
            }
        }
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return MintFailure.unavailable(
                "no usable answer when asked to "
                        + what
                        + " ("
                        + cause.getClass().getSimpleName()
                        + ")",
                false,
                RETRY_AFTER);
    }

    private static String missing(KubernetesClientException answer) {
        StatusDetails details = details(answer);
        String kind = details == null ? null : word(details.getKind());
        String name = details == null ? null : word(details.getName());
        return kind == null || name == null
                ? "such object"
                : kind + " \"" + name + "\" in that namespace";
    }

    private static String words(KubernetesClientException answer) {
        StringBuilder words = new StringBuilder();
        Status status = answer.getStatus();
        String reason = status == null ? null : word(status.getReason());
        if (reason != null) {
            words.append(", ").append(reason);
        }
        StatusDetails details = details(answer);
        if (details != null && details.getCauses() != null) {
            details.getCauses().stream()
                    .limit(3)
                    .map(cause -> word(cause.getField()))
                    .filter(field -> field != null)
                    .forEach(field -> words.append(", ").append(field));
        }
        return words.toString();
    }

    private static Duration wait(KubernetesClientException answer) {
        StatusDetails details = details(answer);
        Integer seconds = details == null ? null : details.getRetryAfterSeconds();
        return seconds == null || seconds < 1
                ? RETRY_AFTER
                : Duration.ofSeconds(Math.min(seconds, 300));
    }

    private static @Nullable StatusDetails details(KubernetesClientException answer) {
        return answer.getStatus() == null ? null : answer.getStatus().getDetails();
    }

    private static @Nullable String word(@Nullable String text) {
        return text != null && WORD.matcher(text).matches() ? text : null;
    }
}
