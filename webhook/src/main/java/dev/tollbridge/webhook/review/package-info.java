/// `AdmissionReview` v1 as bytes and as records: strictly read, bounded, and answered.
///
/// Called by `admission` and `http`. Must not know what is judged or decided, and keeps objects as
/// raw JSON: a typed model that drops unknown fields breaks other people's pods.
@NullMarked
package dev.tollbridge.webhook.review;

import org.jspecify.annotations.NullMarked;
