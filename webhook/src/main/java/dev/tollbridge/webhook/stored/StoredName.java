package dev.tollbridge.webhook.stored;

/// Which Secret or ConfigMap.
public record StoredName(StoredKind kind, String namespace, String name) {

    /// As people and messages call it.
    @Override
    public String toString() {
        return kind.written() + " " + namespace + "/" + name;
    }
}
