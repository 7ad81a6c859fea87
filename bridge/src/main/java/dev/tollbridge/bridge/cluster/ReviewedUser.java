package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.secret.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/// Whom an API server found behind a token, and what it lets them do.
final class ReviewedUser {

    private static final String GROUP = "tollbridge.dev";
    private static final String VERSION = "v1alpha1";

    /// Longer names are cut in the record, not in the question.
    private static final int LONGEST_RECORDED = 256;

    private final UserInfo info;

    private ReviewedUser(UserInfo info) {
        this.info = info;
    }

    /// @return empty: the token is nobody's, or for another audience
    /// @throws TokenReviews.Failed when the API server does not say
    static Optional<ReviewedUser> of(KubernetesClient client, Secret token, String audience) {
        TokenReviewStatus status = TokenReviews.ask(client, token, audience);
        if (!Boolean.TRUE.equals(status.getAuthenticated())) {
            ReviewAnswer answer =
                    ReviewAnswer.of(status.getError() == null ? "" : status.getError());
            return switch (answer) {
                case GONE, NOT_ITS_OWN, ANOTHER_AUDIENCE -> Optional.empty();
                case TROUBLE -> throw new TokenReviews.Failed(answer.inWords());
            };
        }
        List<String> audiences = status.getAudiences();
        UserInfo user = status.getUser();
        // An empty list means that the API server does not look at audiences.
        return audiences == null
                        || !audiences.contains(audience)
                        || user == null
                        || user.getUsername() == null
                        || user.getUsername().isEmpty()
                ? Optional.empty()
                : Optional.of(new ReviewedUser(user));
    }

    /// @throws TokenReviews.Failed when the API server does not say
    boolean may(KubernetesClient client, Operation operation) {
        SubjectAccessReview question =
                new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(info.getUsername())
                        .withUid(info.getUid())
                        .withGroups(info.getGroups())
                        .withExtra(info.getExtra())
                        .withNewResourceAttributes()
                        .withGroup(GROUP)
                        .withVersion(VERSION)
                        .withResource(operation.resource().code())
                        .withVerb(operation.verb().code())
                        .withName(operation.name())
                        .endResourceAttributes()
                        .endSpec()
                        .build();
        SubjectAccessReviewStatus status;
        try {
            status = client.authorization().v1().subjectAccessReview().create(question).getStatus();
        } catch (RuntimeException e) {
            throw new TokenReviews.Failed(
                    "SubjectAccessReview could not be asked: " + e.getClass().getSimpleName());
        }
        if (status == null) {
            throw new TokenReviews.Failed("SubjectAccessReview was answered without a status");
        }
        return Boolean.TRUE.equals(status.getAllowed()) && !Boolean.TRUE.equals(status.getDenied());
    }

    /// Who it is, for the record: one line of visible characters.
    String recorded() {
        String name = info.getUsername();
        StringBuilder text = new StringBuilder("kubernetes:");
        name.codePoints()
                .limit(LONGEST_RECORDED)
                .map(c -> visible(c) ? c : '?')
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static boolean visible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
