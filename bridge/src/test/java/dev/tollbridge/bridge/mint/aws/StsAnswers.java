package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import java.time.Instant;

/// What STS answers, in the words of its API reference.
final class StsAnswers {

    static final String SECRET_KEY = "s3cr3t/KEY+of/the+emulated/STS0000000000";
    static final String SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE/session+token/of/the/emulator==";

    private StsAnswers() {}

    static Answer session(String arn, Instant expires) {
        return xml(200, sessionXml(arn, expires));
    }

    static String sessionXml(String arn, Instant expires) {
        return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <SubjectFromWebIdentityToken>target:aws:deploy</SubjectFromWebIdentityToken>
            <Audience>sts.amazonaws.com</Audience>
            <AssumedRoleUser>
              <Arn>%s</Arn>
              <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:session</AssumedRoleId>
            </AssumedRoleUser>
            <Credentials>
              <SessionToken>%s</SessionToken>
              <SecretAccessKey>%s</SecretAccessKey>
              <Expiration>%s</Expiration>
              <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
            </Credentials>
            <Provider>arn:aws:iam::111122223333:oidc-provider/bridge.example/federation</Provider>
          </AssumeRoleWithWebIdentityResult>
          <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
        </AssumeRoleWithWebIdentityResponse>
        """
                .formatted(arn, SESSION_TOKEN, SECRET_KEY, expires);
    }

    static Answer error(int status, String code) {
        return xml(
                status,
                """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                  <Error><Type>Sender</Type><Code>%s</Code>
                    <Message>free text that quotes eyJhbGciOiJFUzI1NiJ9 and arn:aws:iam</Message></Error>
                  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
                </ErrorResponse>
                """
                        .formatted(code));
    }

    static Answer xml(int status, String body) {
        return Answer.status(status, "text/xml", body);
    }
}
