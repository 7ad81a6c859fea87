package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.aws.Sts.KeyNotKnown;
import dev.tollbridge.bridge.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One request of STS from beginning to end, without a network and without a key: the SDK builds
/// it, an answer is read from memory, and what becomes of it is written as callers get it. So the
/// classes that takes are loaded before the first caller waits for them.
final class Rehearsal {

    private static final String SESSION = "rehearsal";
    private static final String ANSWER =
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser><Arn>arn:aws:sts::000000000000:assumed-role/none/rehearsal</Arn></AssumedRoleUser>
            <Credentials><AccessKeyId>NONENONENONENONE</AccessKeyId><SecretAccessKey>none</SecretAccessKey>
            <SessionToken>none</SessionToken><Expiration>2026-01-01T00:00:00Z</Expiration></Credentials>
            </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """;

    private Rehearsal() {}

    /// @throws IllegalStateException when what is read is not what was answered
    static void run() {
        Aws role =
                new Aws(
                        "arn:aws:iam::000000000000:role/none",
                        "us-east-1",
                        null,
                        Map.of(),
                        List.of(),
                        null,
                        null,
                        List.of());
        try {
            RoleSession session =
                    new SdkSts(Rehearsal::answer, AllowedEndpoints.NONE)
                            .assumeRole(
                                    new RoleRequest(
                                            role,
                                            SESSION,
                                            Secret.of("none"),
                                            Duration.ofMinutes(15)));
            var _ = AwsCredentialsJson.of(session);
        } catch (MintFailure | KeyNotKnown e) {
            throw new IllegalStateException("the rehearsal went wrong", e);
        }
    }

    private static FetchResponse answer(FetchRequest request) {
        return new FetchResponse(200, Map.of(), ANSWER.getBytes(StandardCharsets.UTF_8));
    }
}
