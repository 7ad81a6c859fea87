package dev.tollbridge.webhook.review;

/// The bytes are no AdmissionReview that could be answered. The message never quotes them.
public final class MalformedReview extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedReview(String message) {
        super(message, null, false, false);
    }
}
