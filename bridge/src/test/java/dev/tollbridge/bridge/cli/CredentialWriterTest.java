package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.client.TokenAnswer;
import dev.tollbridge.bridge.client.TokenAnswer.Form;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialWriterTest {

    private static final Instant END = Instant.parse("2026-11-21T10:20:00Z");
    private static final String AWS =
            "{\"AccessKeyId\":\"AKIAEXAMPLE\",\"SecretAccessKey\":\"a/b+c'd\",\"Token\":\"t==\","
                    + "\"Expiration\":\"2026-11-21T10:20:00Z\"}";
    private static final String EXEC =
            "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
                    + "\"status\":{\"token\":\"inner\"}}";

    private static CredentialWriter of(Form form, String credential) {
        return new CredentialWriter(
                new TokenAnswer(
                        Secret.of(credential),
                        form,
                        false,
                        END,
                        "iss_1",
                        null,
                        Secret.of("{\"whole\":true}")),
                ExecApi.V1);
    }

    private static String written(Form form, String credential, CredentialFormat format)
            throws CredentialWriter.Unfit {
        return of(form, credential).as(format).reveal();
    }

    @Test
    void awsCredentialsInTheFormOfCredentialProcess() throws CredentialWriter.Unfit {
        assertThat(written(Form.AWS_CREDENTIALS, AWS, CredentialFormat.AWS_PROCESS))
                .isEqualTo(
                        "{\"Version\":1,\"AccessKeyId\":\"AKIAEXAMPLE\",\"SecretAccessKey\":"
                                + "\"a/b+c'd\",\"SessionToken\":\"t==\",\"Expiration\":"
                                + "\"2026-11-21T10:20:00Z\"}");
    }

    @Test
    void awsCredentialsAsVariablesQuotedForAShell() throws CredentialWriter.Unfit {
        assertThat(written(Form.AWS_CREDENTIALS, AWS, CredentialFormat.ENV).lines())
                .containsExactly(
                        "export AWS_ACCESS_KEY_ID=AKIAEXAMPLE",
                        "export AWS_SECRET_ACCESS_KEY='a/b+c'\\''d'",
                        "export AWS_SESSION_TOKEN=t==",
                        "export AWS_CREDENTIAL_EXPIRATION=2026-11-21T10:20:00Z");
    }

    @Test
    void execCredentialsWithTheEndThatTheBridgeSaysOrTheTokenInThem()
            throws CredentialWriter.Unfit {
        assertThat(written(Form.EXEC_CREDENTIAL, EXEC, CredentialFormat.KUBE_EXEC))
                .isEqualTo(
                        EXEC.replace(
                                "{\"token\"",
                                "{\"expirationTimestamp\":\"" + END + "\",\"token\""));
        assertThat(written(Form.EXEC_CREDENTIAL, EXEC, CredentialFormat.TOKEN)).isEqualTo("inner");
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKEN", "KUBE_EXEC", "GOOGLE"})
    void awsCredentialsHaveNoOtherForm(CredentialFormat format) {
        assertThatThrownBy(() -> of(Form.AWS_CREDENTIALS, AWS).as(format))
                .isInstanceOf(CredentialWriter.Unfit.class)
                .hasMessageContaining("does not fit this target")
                .hasMessageNotContaining("AKIAEXAMPLE");
    }

    @Test
    void anOpaqueTokenIsNothingForGooglesTokenService() {
        assertThatThrownBy(() -> of(Form.TOKEN, "ghs_opaque").as(CredentialFormat.GOOGLE))
                .isInstanceOf(CredentialWriter.Unfit.class)
                .hasMessageNotContaining("opaque");
    }

    @ParameterizedTest
    @EnumSource
    void everyFormHasTheAnswerItself(Form form) throws CredentialWriter.Unfit {
        assertThat(written(form, "x", CredentialFormat.JSON)).isEqualTo("{\"whole\":true}");
    }

    @Test
    void credentialsThatAreNotWhatTheirTypeSaysAreNotQuoted() {
        assertThatThrownBy(() -> of(Form.AWS_CREDENTIALS, "secret").as(CredentialFormat.ENV))
                .isInstanceOf(CredentialWriter.Unfit.class)
                .hasMessageNotContaining("secret");
    }
}
