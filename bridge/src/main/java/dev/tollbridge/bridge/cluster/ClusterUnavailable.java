package dev.tollbridge.bridge.cluster;

/// The API server does not answer, or does not allow something. The message is for operators and
/// quotes no object.
public final class ClusterUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterUnavailable(String message) {
        super(message, null, false, false);
    }
}
