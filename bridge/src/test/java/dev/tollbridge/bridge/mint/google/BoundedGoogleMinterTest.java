package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Minting at Google: a service account's token within an access boundary")
class BoundedGoogleMinterTest extends GoogleMinterContract {

    @Override
    String serviceAccount() {
        return ACCOUNT;
    }

    @Override
    String boundary() {
        return BOUNDARY;
    }

    @Override
    protected void answers(Answer answer) {
        willing(now.plus(ttl()));
        Answer good = provider.answer(STS);
        int[] times = {0};
        provider.on(STS, request -> (times[0]++ % 2 == 0 ? good : answer).accept(request));
    }

    @Test
    void exchangesTheTokenForOneWithinTheBoundary() throws MintFailure {
        willing(now.plus(ttl()));
        assertThat(mint().value().reveal()).isEqualTo(BOUNDED);
        assertThat(stsBodies).hasSize(2);
        Map<String, String> last = form(stsBodies.getLast());
        assertThat(last)
                .containsEntry("subject_token", IMPERSONATED)
                .containsEntry(
                        "subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("options", BOUNDARY);
    }

    @Test
    void aTokenWhoseEndIsNotSaidEndsWithTheOneItIsMadeFrom() throws MintFailure {
        steps(now.plus(ttl()), answer -> answer.replaceAll(",\"expires_in\":[0-9]+", ""));
        assertThat(mint().expiresAt()).isEqualTo(now.plus(ttl()));
    }
}
