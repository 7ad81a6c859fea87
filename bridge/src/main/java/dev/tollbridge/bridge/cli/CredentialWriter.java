package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.client.TokenAnswer;
import dev.tollbridge.bridge.client.TokenAnswer.Form;
import dev.tollbridge.bridge.secret.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a credential in the form that somebody's tools read.
final class CredentialWriter {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final TokenAnswer answer;
    private final ExecApi execApi;

    /// @param execApi what a Kubernetes client asked for
    CredentialWriter(TokenAnswer answer, ExecApi execApi) {
        this.answer = answer;
        this.execApi = execApi;
    }

    /// This kind of credential has no such form. The message says which it has.
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    Secret as(CredentialFormat format) throws Unfit {
        return switch (format) {
            case JSON -> answer.whole();
            case TOKEN -> token(format);
            case ENV -> env();
            case AWS_PROCESS -> json(awsProcess());
            case KUBE_EXEC -> kubeExec();
            case GOOGLE -> json(google());
        };
    }

    private Secret token(CredentialFormat format) throws Unfit {
        return switch (answer.form()) {
            case TOKEN -> answer.credential();
            case EXEC_CREDENTIAL -> Secret.of(member(nested(parsed(), "status"), "token"));
            case AWS_CREDENTIALS ->
                    throw unfit(format, "is AWS credentials, three values", "aws-process or env");
        };
    }

    /// For `eval "$(...)"` in a POSIX shell.
    private Secret env() throws Unfit {
        Map<String, String> variables = new LinkedHashMap<>();
        if (answer.form() == Form.AWS_CREDENTIALS) {
            Map<String, Object> keys = awsProcess();
            variables.put("AWS_ACCESS_KEY_ID", member(keys, "AccessKeyId"));
            variables.put("AWS_SECRET_ACCESS_KEY", member(keys, "SecretAccessKey"));
            variables.put("AWS_SESSION_TOKEN", member(keys, "SessionToken"));
            variables.put("AWS_CREDENTIAL_EXPIRATION", member(keys, "Expiration"));
            if (keys.containsKey("AccountId")) {
                variables.put("AWS_ACCOUNT_ID", member(keys, "AccountId"));
            }
        } else {
            variables.put("TOLLBRIDGE_TOKEN", token(CredentialFormat.ENV).reveal());
            variables.put("TOLLBRIDGE_TOKEN_EXPIRES_AT", answer.expiresAt().toString());
        }
        Secret handle = answer.revocationHandle();
        if (handle != null) {
            variables.put("TOLLBRIDGE_REVOCATION_HANDLE", handle.reveal());
        }
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append("export ").append(name).append('=').append(quoted(value));
        });
        return Secret.of(text.toString());
    }

    private static String quoted(String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            plain &= c < 128 && (Character.isLetterOrDigit(c) || "_-./:+=@%,".indexOf(c) >= 0);
        }
        return plain ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /// What `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential
    /// provider"). The container-credentials form has `Token` for `SessionToken`.
    private Map<String, Object> awsProcess() throws Unfit {
        if (answer.form() != Form.AWS_CREDENTIALS) {
            throw unfit(CredentialFormat.AWS_PROCESS, "is no AWS credentials", "token or json");
        }
        Map<String, @Nullable Object> given = parsed();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("Version", 1);
        tree.put("AccessKeyId", member(given, "AccessKeyId"));
        tree.put("SecretAccessKey", member(given, "SecretAccessKey"));
        tree.put(
                "SessionToken",
                given.containsKey("SessionToken")
                        ? member(given, "SessionToken")
                        : member(given, "Token"));
        tree.put("Expiration", answer.expiresAt().toString());
        if (given.containsKey("AccountId")) {
            tree.put("AccountId", member(given, "AccountId"));
        }
        return tree;
    }

    /// Kubernetes, "client-go credential plugins".
    private Secret kubeExec() throws Unfit {
        return switch (answer.form()) {
            case EXEC_CREDENTIAL -> execCredential(member(nested(parsed(), "status"), "token"));
            case AWS_CREDENTIALS ->
                    throw unfit(
                            CredentialFormat.KUBE_EXEC, "is AWS credentials", "aws-process or env");
            case TOKEN -> {
                unbound(CredentialFormat.KUBE_EXEC);
                yield execCredential(answer.credential().reveal());
            }
        };
    }

    private Secret execCredential(String token) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("expirationTimestamp", answer.expiresAt().toString());
        status.put("token", token);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", execApi.version());
        tree.put("kind", "ExecCredential");
        tree.put("status", status);
        return json(tree);
    }

    /// What an executable prints for Google's libraries (google.aip.dev/auth/4117, "executable
    /// sourced credentials"): a JWT that a workload identity pool trusts.
    private Map<String, Object> google() throws Unfit {
        if (answer.form() != Form.TOKEN
                || answer.credential().reveal().split("\\.", -1).length != 3) {
            throw unfit(CredentialFormat.GOOGLE, "is no JWT", "json");
        }
        unbound(CredentialFormat.GOOGLE);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", 1);
        tree.put("success", true);
        tree.put("token_type", "urn:ietf:params:oauth:token-type:jwt");
        tree.put("id_token", answer.credential().reveal());
        tree.put("expiration_time", answer.expiresAt().getEpochSecond());
        return tree;
    }

    private void unbound(CredentialFormat format) throws Unfit {
        if (answer.bound()) {
            throw unfit(
                    format,
                    "is bound to a DPoP key, which this format's readers cannot prove",
                    "json or token");
        }
    }

    private static Unfit unfit(CredentialFormat format, String what, String others) {
        return new Unfit(
                "--format "
                        + format
                        + " does not fit this target: its credential "
                        + what
                        + "; use --format "
                        + others);
    }

    private Map<String, @Nullable Object> parsed() throws Unfit {
        try {
            return MAPPER.readValue(answer.credential().reveal(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new Unfit("the credential is not the JSON its type says it is");
        }
    }

    private static String member(Map<String, ?> tree, String name) throws Unfit {
        if (tree.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new Unfit("the credential has no '" + name + "'");
    }

    private static Map<?, ?> nestedMap(Map<String, ?> tree, String name) throws Unfit {
        if (tree.get(name) instanceof Map<?, ?> map) {
            return map;
        }
        throw new Unfit("the credential has no '" + name + "'");
    }

    @SuppressWarnings("unchecked") // an object of JSON has names for keys
    private static Map<String, ?> nested(Map<String, ?> tree, String name) throws Unfit {
        return (Map<String, ?>) nestedMap(tree, name);
    }

    private static Secret json(Map<String, Object> tree) {
        try {
            return Secret.of(MAPPER.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written");
        }
    }
}
