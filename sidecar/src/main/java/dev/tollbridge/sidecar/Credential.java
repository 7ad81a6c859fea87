package dev.tollbridge.sidecar;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the bridge gave for one target. Never printed.
///
/// @param value the token, or the JSON text that AWS's or Kubernetes' tools read
/// @param expiresAt RFC 3339, as the bridge wrote it: for tools
/// @param seconds it lives, counted from the answer: for us, whatever this machine's clock says
/// @param scope what it may be used for, as the bridge says; empty: it says nothing
/// @param handle what ends it early; null: nothing
public record Credential(
        String value,
        Form form,
        String expiresAt,
        long seconds,
        String scope,
        @Nullable String issuance,
        @Nullable String handle) {

    /// What a credential is made of.
    public enum Form {
        TOKEN,
        AWS,
        KUBERNETES
    }

    private static final String OWN = "urn:tollbridge:params:oauth:token-type:";

    /// @throws Json.Malformed when it is not what a bridge answers (RFC 8693 section 2.2.1)
    static Credential of(Map<String, @Nullable Object> answer) throws Json.Malformed {
        if (!(answer.get("access_token") instanceof String value)
                || value.isEmpty()
                || !(answer.get("expires_at") instanceof String expiresAt)
                || !(answer.get("expires_in") instanceof Long seconds)
                || seconds <= 0) {
            throw new Json.Malformed("no access_token with expires_at and expires_in");
        }
        return new Credential(
                value,
                form(answer.get("issued_token_type")),
                expiresAt,
                seconds,
                answer.get("scope") instanceof String scope ? scope : "",
                answer.get("issuance") instanceof String id ? id : null,
                answer.get("revocation_handle") instanceof String handle ? handle : null);
    }

    private static Form form(@Nullable Object type) {
        return (OWN + "aws-credentials").equals(type)
                ? Form.AWS
                : (OWN + "kubernetes-exec-credential").equals(type) ? Form.KUBERNETES : Form.TOKEN;
    }

    /// A member of the JSON text that AWS's or Kubernetes' tools read.
    public String member(String... path) throws Json.Malformed {
        Object found = Json.object(value);
        for (String name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        if (found instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new Json.Malformed("the credential has no " + String.join(".", path));
    }

    @Override
    public String toString() {
        return "Credential[" + issuance + "]";
    }
}
