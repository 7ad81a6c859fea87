package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.token.TokenReviewer;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import java.time.Duration;
import java.util.List;

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
        try {
            return TokenReviews.ask(
                    clients.client(source, issuer.directory()), token, issuer.audience());
        } catch (TokenReviews.Failed e) {
            throw unavailable(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The kubeconfig cannot be read; its message may quote it.
            throw unavailable("TokenReview could not be asked: " + e.getClass().getSimpleName());
        }
    }

    private static void judge(TrustedIssuer issuer, TokenReviewStatus status) {
        if (!Boolean.TRUE.equals(status.getAuthenticated())) {
            String error = status.getError() == null ? "" : status.getError();
            ReviewAnswer answer = ReviewAnswer.of(error);
            throw switch (answer) {
                case GONE, NOT_ITS_OWN -> new Refusal(RefusalReason.SUBJECT_GONE, answer.inWords());
                case ANOTHER_AUDIENCE ->
                        new Refusal(RefusalReason.AUDIENCE_MISMATCH, answer.inWords());
                case TROUBLE -> unavailable(answer.inWords());
            };
        }
        List<String> audiences = status.getAudiences();
        // An empty list means that the API server does not look at audiences.
        if (audiences == null || !audiences.contains(issuer.audience())) {
            throw new Refusal(
                    RefusalReason.AUDIENCE_MISMATCH, ReviewAnswer.ANOTHER_AUDIENCE.inWords());
        }
    }

    private static Refusal unavailable(String detail) {
        return new Refusal(RefusalReason.ISSUER_UNAVAILABLE, detail, RETRY_AFTER);
    }
}
