package dev.tollbridge.bridge.cli;

/// How `exchange` writes a credential down.
enum CredentialFormat {
    JSON("json"),
    ENV("env"),
    AWS_PROCESS("aws-process"),
    KUBE_EXEC("kube-exec"),
    GOOGLE("google"),
    TOKEN("token");

    private final String code;

    CredentialFormat(String code) {
        this.code = code;
    }

    /// As written after `--format`: what the enum's own name would not allow, a hyphen, is in it.
    @Override
    public String toString() {
        return code;
    }
}
