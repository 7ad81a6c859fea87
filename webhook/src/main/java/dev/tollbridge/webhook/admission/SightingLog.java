package dev.tollbridge.webhook.admission;

/// Is told of every request that was judged: metrics, events, the list for operators. Returns at
/// once and throws nothing.
@FunctionalInterface
public interface SightingLog {
    void saw(Sighting sighting);
}
