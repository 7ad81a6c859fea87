package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The texts are what Kubernetes 1.36.3 answered, uids shortened.
final class ReviewAnswerTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "GONE | [invalid bearer token, service account token has been invalidated]",
                "GONE | [invalid bearer token, pod UID (99) does not match service account pod ref"
                        + " claim (93)]",
                "GONE | [invalid bearer token, service account UID (5c) does not match claim (46)]",
                "GONE | [invalid bearer token, serviceaccounts \"deployer\" not found]",
                "GONE | [invalid bearer token, service account payments/deployer has been deleted]",
                "GONE | [invalid bearer token, service account token has expired]",
                "ANOTHER_AUDIENCE | [invalid bearer token, token audiences [\"https://a\"] is"
                        + " invalid for the target audiences [\"https://b\"]]",
                "NOT_ITS_OWN | [invalid bearer token, go-jose/go-jose: error in cryptographic"
                        + " primitive]",
                "NOT_ITS_OWN | invalid bearer token",
                "NOT_ITS_OWN | ''",
                "TROUBLE | [invalid bearer token, etcdserver: request timed out]",
                "TROUBLE | [invalid bearer token, context deadline exceeded]",
                "TROUBLE | [invalid bearer token, Get \"https://[::1]:6443/api\": dial tcp"
                        + " [::1]:6443: connect: connection refused]",
                "TROUBLE | webhook \"idp\" not found",
                "TROUBLE | something nobody has seen yet"
            })
    void whatTheApiServerMeans(ReviewAnswer meaning, String error) {
        assertThat(ReviewAnswer.of(error)).isEqualTo(meaning);
    }
}
