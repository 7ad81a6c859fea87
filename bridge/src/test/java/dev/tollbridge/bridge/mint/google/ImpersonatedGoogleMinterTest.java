package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Minting at Google: a service account's token")
class ImpersonatedGoogleMinterTest extends GoogleMinterContract {

    @Override
    String serviceAccount() {
        return ACCOUNT;
    }

    @Override
    protected void answers(Answer answer) {
        willing(now.plus(ttl()));
        provider.on(IAM, answer);
    }

    @Test
    void asksForTheScopesAndTheLifeOfTheDecision() throws MintFailure {
        willing(now.plus(ttl()));
        assertThat(mint().value().reveal()).isEqualTo(IMPERSONATED);
        assertThat(form(stsBodies.getFirst())).containsEntry("scope", PLATFORM);
        assertThat(iamBodies)
                .containsExactly(
                        "{\"delegates\":[],\"scope\":[\"" + READ + "\"],\"lifetime\":\"3600s\"}");
        assertThat(iamBearers).containsExactly("Bearer " + FEDERATED);
    }

    @Test
    void a401IsNoReasonToAskTheSecurityTokenServiceAgain() {
        answers(Answer.status(401));
        failure();
        assertThat(provider.requests(STS)).isEqualTo(1);
        assertThat(provider.requests(IAM)).isEqualTo(1);
    }
}
