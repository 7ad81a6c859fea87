package dev.tollbridge.webhook.inject;

/// A step found that the pod cannot be given what it asks for. Caught by the injector only.
final class InjectionRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    InjectionRefused(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
