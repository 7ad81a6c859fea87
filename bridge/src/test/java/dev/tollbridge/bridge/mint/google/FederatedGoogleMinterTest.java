package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Minting at Google: the federated token itself")
class FederatedGoogleMinterTest extends GoogleMinterContract {

    @Override
    @Nullable String serviceAccount() {
        return null;
    }

    @Override
    protected void answers(Answer answer) {
        provider.on(STS, answer);
    }

    @Test
    void asksForTheScopesOfTheDecision() throws MintFailure {
        willing(now.plus(ttl()));
        assertThat(mint().value().reveal()).isEqualTo(FEDERATED);
        assertThat(form(stsBodies.getFirst())).containsEntry("scope", READ);
        assertThat(iamBodies).isEmpty();
    }

    @Test
    void aWiderScopeThanAskedForIsNotGiven() {
        steps(
                now.plus(ttl()),
                answer -> answer.replace("{", "{\"scope\":\"" + READ + " " + PLATFORM + "\","));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
        assertThat(failure.detail()).contains("scope that was not asked for");
    }

    @Test
    void aTokenOfAnotherTypeIsNotGiven() {
        steps(
                now.plus(ttl()),
                answer -> answer.replace("access_token\",\"token_type", "id_token\",\"token_type"));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void aTokenWithoutAnEndIsNotGiven() {
        steps(now.plus(ttl()), answer -> answer.replaceAll(",\"expires_in\":[0-9]+", ""));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.detail()).contains("when its token ends");
    }
}
