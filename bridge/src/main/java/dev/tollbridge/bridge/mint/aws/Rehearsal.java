package dev.tollbridge.bridge.mint.aws;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.sts.StsClient;

/// One call from beginning to end without a network, so that the classes it takes are loaded before
/// the first caller waits for them.
final class Rehearsal {

    private static final String ANSWER =
            "<AssumeRoleWithWebIdentityResponse"
                    + " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                    + "<AssumeRoleWithWebIdentityResult>"
                    + "<AssumedRoleUser><Arn>none</Arn></AssumedRoleUser>"
                    + "<Credentials><Expiration>2026-01-01T00:00:00Z</Expiration></Credentials>"
                    + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

    private Rehearsal() {}

    static void run() {
        try (StsClient client =
                SdkSts.client("us-east-1", URI.create("https://sts.invalid"), new Stage())) {
            client.assumeRoleWithWebIdentity(request ->
                    request.roleArn("arn:aws:iam::000000000000:role/none")
                            .roleSessionName("none")
                            .webIdentityToken("none")
                            .durationSeconds(900));
        }
    }

    private static final class Stage implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build())
                            .responseBody(
                                    AbortableInputStream.create(
                                            new ByteArrayInputStream(
                                                    ANSWER.getBytes(StandardCharsets.UTF_8))))
                            .build();
                }

                @Override
                public void abort() {
                    // It is over at once.
                }
            };
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
