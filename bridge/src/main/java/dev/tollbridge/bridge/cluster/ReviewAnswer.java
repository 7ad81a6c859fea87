package dev.tollbridge.bridge.cluster;

import java.util.List;

/// What an API server means when its TokenReview does not authenticate a token.
///
/// It says so in one text, `status.error`, in which it also reports its own troubles, and which
/// begins with "invalid bearer token" either way. The texts below are those of
/// `k8s.io/kubernetes/pkg/serviceaccount/claims.go` as Kubernetes 1.36 answers them; the tests
/// against a real API server show each. A text that is not known is trouble: the caller is told to
/// come again, and gets nothing.
enum ReviewAnswer {
    GONE("the pod, secret or service account of the token is gone, says TokenReview"),
    NOT_ITS_OWN(
            "the API server that tokenReview names does not recognise the token: is it another"
                    + " cluster than the one that signed it?"),
    ANOTHER_AUDIENCE("TokenReview does not accept the token for the issuer's audience"),
    TROUBLE("TokenReview failed inside the API server");

    private static final List<String> GONE_TEXTS =
            List.of(
                    "service account token has been invalidated",
                    "has been deleted",
                    "service account token has expired",
                    "service account UID (",
                    "pod UID (",
                    "secret UID (",
                    "node UID (");

    private final String words;

    ReviewAnswer(String words) {
        this.words = words;
    }

    /// For the operator. Never quotes the API server's text, which may quote the token.
    String inWords() {
        return words;
    }

    static ReviewAnswer of(String error) {
        if (error.isEmpty() || error.equals("invalid bearer token")) {
            return NOT_ITS_OWN;
        }
        if (error.contains("is invalid for the target audiences")) {
            return ANOTHER_AUDIENCE;
        }
        if (GONE_TEXTS.stream().anyMatch(error::contains)
                || (error.contains("serviceaccounts \"") && error.contains("\" not found"))) {
            return GONE;
        }
        return error.contains("error in cryptographic primitive") ? NOT_ITS_OWN : TROUBLE;
    }
}
