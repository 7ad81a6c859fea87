package dev.tollbridge.webhook.advise;

/// A way to sign in.
public enum SignIn {
    PKCE("pkce", "PKCE with a loopback redirect"),
    DEVICE_CODE("device-code", "device code, gated"),
    WORKLOAD_IDENTITY("workload-identity", "workload identity"),
    NONE("none", "none");

    private final String id;
    private final String words;

    SignIn(String id, String words) {
        this.id = id;
        this.words = words;
    }

    public String id() {
        return id;
    }

    public String words() {
        return words;
    }
}
