package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;

/// Keys in the form of AWS, of nobody's account: for what happens before and after minting.
final class KeysMinter implements CredentialMinter {

    @Override
    public String kind() {
        return "aws";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) {
        return new MintedCredential(
                Secret.of(
                        """
                        {"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
                         "SecretAccessKey": "s3cr3t/KEY+of/the+emulated/STS0000000000",
                         "SessionToken": "IQoJb3JpZ2luX2VjEXAMPLE/%1$s",
                         "Token": "IQoJb3JpZ2luX2VjEXAMPLE/%1$s",
                         "Expiration": "%2$s", "AccountId": "111122223333"}
                        """
                                .formatted(issuance, decision.expiresAt())),
                IssuedTokenType.NOT_APPLICABLE,
                IssuedTokenType.AWS_CREDENTIALS,
                decision.expiresAt(),
                false);
    }
}
