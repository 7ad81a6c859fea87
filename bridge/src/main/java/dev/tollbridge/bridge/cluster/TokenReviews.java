package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.secret.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.UUID;

/// Asks an API server what it knows of a token (Kubernetes API reference,
/// `authentication.k8s.io/v1` TokenReview).
final class TokenReviews {

    /// Nobody answered, or not as an API server does. Its message names the kind of failure and
    /// never quotes the question.
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message, null, false, false);
        }
    }

    private TokenReviews() {}

    /// @param audience that the token has to have
    /// @throws Failed when there is no answer
    static TokenReviewStatus ask(KubernetesClient client, Secret token, String audience) {
        TokenReview question =
                new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token.reveal())
                        .withAudiences(audience, nobodysAudience())
                        .endSpec()
                        .build();
        TokenReviewStatus status;
        try {
            status = client.tokenReviews().create(question).getStatus();
        } catch (RuntimeException e) {
            // The client's message may quote the request: only its kind is kept.
            throw new Failed("TokenReview could not be asked: " + e.getClass().getSimpleName());
        }
        if (status == null) {
            throw new Failed("TokenReview was answered without a status");
        }
        return status;
    }

    /// The API server remembers a "yes" for ten seconds, by token and audiences asked for: a pod
    /// deleted in between would still be alive. An audience that was never asked for before, and
    /// that no token has, makes each question a new one. The answer names those of the audiences
    /// that the token has, so nothing else changes.
    private static String nobodysAudience() {
        return "urn:tollbridge:review:" + UUID.randomUUID();
    }
}
