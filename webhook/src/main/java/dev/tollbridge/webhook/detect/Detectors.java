package dev.tollbridge.webhook.detect;

/// Judges contents. Implementations are safe for use by several threads, keep nothing of what they
/// saw, and end in time linear in the content's size.
@FunctionalInterface
public interface Detectors {

    /// Never throws on account of the content: what cannot be read is {@link Uninspected}.
    Judgement judge(Content content);
}
