package dev.tollbridge.webhook.index;

/// Resource versions are decimal and grow, over all objects of a cluster (Kubernetes 1.35 promises
/// it; etcd did before).
public final class ResourceVersions {

    private ResourceVersions() {}

    /// @param one not empty
    /// @param other not empty
    public static int compare(String one, String other) {
        return one.length() == other.length()
                ? one.compareTo(other)
                : Integer.compare(one.length(), other.length());
    }

    /// Empty is earlier than any.
    static String later(String one, String other) {
        return other.isEmpty() || (!one.isEmpty() && compare(one, other) >= 0) ? one : other;
    }
}
