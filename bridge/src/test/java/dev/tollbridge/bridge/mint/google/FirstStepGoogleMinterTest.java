package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import org.junit.jupiter.api.DisplayName;

/// A service account's token again, where it is the request before the last that goes wrong.
@DisplayName(
        "Minting at Google: the Security Token Service fails before a service account is asked for")
class FirstStepGoogleMinterTest extends GoogleMinterContract {

    @Override
    String serviceAccount() {
        return ACCOUNT;
    }

    @Override
    protected void answers(Answer answer) {
        willing(now.plus(ttl()));
        provider.on(STS, answer);
    }

    @Override
    protected boolean lostAnswerLeavesADoubt() {
        return false;
    }
}
