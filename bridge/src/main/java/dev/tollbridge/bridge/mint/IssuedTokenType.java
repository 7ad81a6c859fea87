package dev.tollbridge.bridge.mint;

/// What `issued_token_type` can say (RFC 8693 section 3; the last two are ours).
public final class IssuedTokenType {

    public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    /// Three keys and a date, as JSON that AWS SDKs read.
    public static final String AWS_CREDENTIALS =
            "urn:tollbridge:params:oauth:token-type:aws-credentials";

    /// An `ExecCredential` of client.authentication.k8s.io/v1, as JSON.
    public static final String KUBERNETES_EXEC_CREDENTIAL =
            "urn:tollbridge:params:oauth:token-type:kubernetes-exec-credential";

    /// The `token_type` of what is no access token (RFC 8693 section 2.2.1).
    public static final String NOT_APPLICABLE = "N_A";

    private IssuedTokenType() {}
}
