package dev.tollbridge.bridge.client;

import dev.tollbridge.bridge.secret.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A credential, as `POST /token` answers (RFC 8693 section 2.2.1).
///
/// @param credential one token, or for AWS and kubectl the JSON text their tools read
/// @param form which of these
/// @param bound whether it is worth something only with its key (RFC 9449)
/// @param whole the answer as it came
public record TokenAnswer(
        Secret credential,
        Form form,
        boolean bound,
        Instant expiresAt,
        @Nullable String issuance,
        @Nullable Secret revocationHandle,
        Secret whole) {

    private static final String AWS = "urn:tollbridge:params:oauth:token-type:aws-credentials";
    private static final String KUBERNETES =
            "urn:tollbridge:params:oauth:token-type:kubernetes-exec-credential";

    /// What a credential is made of.
    public enum Form {
        TOKEN,
        AWS_CREDENTIALS,
        EXEC_CREDENTIAL
    }

    /// @throws Unreachable when the answer is not one a bridge gives
    static TokenAnswer of(HttpAnswer answer) {
        return of(answer.json(), answer.body());
    }

    /// @param whole the same as text
    static TokenAnswer of(Map<String, @Nullable Object> json, Secret whole) {
        if (!(json.get("access_token") instanceof String token)
                || !(json.get("expires_at") instanceof String expires)) {
            throw new Unreachable(
                    "the answer has no access_token with an expires_at; is this a bridge?");
        }
        Instant end;
        try {
            end = Instant.parse(expires);
        } catch (DateTimeException e) {
            throw new Unreachable("the answer's expires_at is no time; is this a bridge?");
        }
        return new TokenAnswer(
                Secret.of(token),
                form(json.get("issued_token_type")),
                "DPoP".equals(json.get("token_type")),
                end,
                json.get("issuance") instanceof String id ? id : null,
                json.get("revocation_handle") instanceof String handle ? Secret.of(handle) : null,
                whole);
    }

    private static Form form(@Nullable Object type) {
        return AWS.equals(type)
                ? Form.AWS_CREDENTIALS
                : KUBERNETES.equals(type) ? Form.EXEC_CREDENTIAL : Form.TOKEN;
    }
}
