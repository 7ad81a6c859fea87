package dev.tollbridge.webhook.index;

/// Something that was seen of a Secret or ConfigMap, and that may change what is known of it.
public sealed interface Observation {

    /// Stored content was shown: by an `oldObject`, or by the sweep.
    ///
    /// @param resourceVersion of that content; empty where it has none
    record Stored(ObjectVerdict verdict, String resourceVersion) implements Observation {}

    /// A write was admitted; it may or may not be stored.
    ///
    /// @param replaces the `resourceVersion` of the content it replaces; empty for a new object
    record Admitted(ObjectVerdict verdict, String replaces) implements Observation {}

    /// A write was refused, so it is not stored.
    record Refused(ObjectVerdict verdict) implements Observation {}

    /// Somebody may delete it, which may yet fail.
    record Deleting() implements Observation {}

    /// It is certainly not there any more.
    record Gone() implements Observation {}
}
