package dev.tollbridge.webhook.cluster;

/// The API server is away or does not allow something. The message is for operators and quotes no
/// object.
public final class ClusterUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClusterUnavailable(String message) {
        super(message, null, false, false);
    }
}
