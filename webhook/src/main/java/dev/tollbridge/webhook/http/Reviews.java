package dev.tollbridge.webhook.http;

import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;

/// Answers one review. Takes no longer than its arithmetic, and throws nothing.
@FunctionalInterface
public interface Reviews {
    AdmissionAnswer answer(AdmissionRequest request);
}
