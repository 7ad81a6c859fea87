package dev.tollbridge.webhook.stored;

/// The two kinds of object whose content pods mount.
public enum StoredKind {
    SECRET("Secret"),
    CONFIG_MAP("ConfigMap");

    private final String written;

    StoredKind(String written) {
        this.written = written;
    }

    /// As Kubernetes writes it.
    public String written() {
        return written;
    }
}
