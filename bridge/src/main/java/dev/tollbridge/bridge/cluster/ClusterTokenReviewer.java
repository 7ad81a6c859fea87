package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.token.TokenReviewer;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Asks the API server named by the issuer's `tokenReview` whether the service account and the
/// object a token is bound to still exist, by uid (Kubernetes API reference,
/// `authentication.k8s.io/v1` TokenReview).
///
/// The token's signature has been verified before; what is asked here is only what a signature
/// cannot tell.
public final class ClusterTokenReviewer implements TokenReviewer {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ClusterClients clients;

    public ClusterTokenReviewer(ClusterClients clients) {
        this.clients = clients;
    }

    @Override
    public void review(TrustedIssuer issuer, Secret token) {
        TokenReviewSource source = issuer.tokenReview();
        if (source == null) {
            throw new IllegalArgumentException(issuer.name() + " asks for no TokenReview");
        }
        judge(issuer, ask(issuer, source, token));
    }

    private TokenReviewStatus ask(TrustedIssuer issuer, TokenReviewSource source, Secret token) {
        TokenReview question =
                new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token.reveal())
                        .withAudiences(issuer.audience())
                        .endSpec()
                        .build();
        TokenReviewStatus status;
        try {
            status =
                    clients.client(source, issuer.directory())
                            .tokenReviews()
                            .create(question)
                            .getStatus();
        } catch (RuntimeException e) {
            // The client's message may quote the request: only its kind is kept.
            throw unavailable("TokenReview could not be asked: " + e.getClass().getSimpleName());
        }
        if (status == null) {
            throw unavailable("TokenReview was answered without a status");
        }
        return status;
    }

    private static void judge(TrustedIssuer issuer, TokenReviewStatus status) {
        if (!Boolean.TRUE.equals(status.getAuthenticated())) {
            String error = status.getError() == null ? "" : status.getError();
            if (error.isEmpty() || saysThatItIsGone(error)) {
                throw new Refusal(
                        RefusalReason.SUBJECT_GONE,
                        "TokenReview does not accept the token any more");
            }
            throw unavailable("TokenReview failed inside the API server");
        }
        List<String> audiences = status.getAudiences();
        // An empty list means that the API server's own audience was checked instead of ours.
        if (audiences == null || !audiences.contains(issuer.audience())) {
            throw new Refusal(
                    RefusalReason.SUBJECT_GONE,
                    "TokenReview accepted the token for another audience");
        }
    }

    /// The API server reports a deleted pod, secret or service account as an error of its
    /// authenticator, in the same field as its own troubles. These are the texts of
    /// `k8s.io/kubernetes/pkg/serviceaccount` and of the bearer token authenticator; any other text
    /// is trouble, and trouble is not a refusal.
    private static boolean saysThatItIsGone(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        return text.contains("invalid bearer token")
                || text.contains("has been invalidated")
                || text.contains("has expired")
                || text.contains("not found");
    }

    private static Refusal unavailable(String detail) {
        return new Refusal(RefusalReason.ISSUER_UNAVAILABLE, detail, RETRY_AFTER);
    }
}
