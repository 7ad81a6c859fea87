package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.parse.Budget;

/// What may be spent on one content, whatever is in it.
///
/// @param depth of decodings and archives inside each other
/// @param parts members of archives, rows and embedded documents
/// @param expansion bytes that may come out of decodings and archives, for each byte given
/// @param expansionLeast and at least so many
/// @param stepsPerByte of work, for each byte given and each byte that came out
public record Bounds(int depth, int parts, int expansion, long expansionLeast, int stepsPerByte) {

    /// For an object in admission or a file of a few MiB.
    public static Bounds standard() {
        return new Bounds(6, 20_000, 12, 4L << 20, 60);
    }

    Budget budget(int size) {
        long out = Math.max(expansionLeast, (long) size * expansion);
        return new Budget(
                100_000L + stepsPerByte * (size + Math.min(out, 8L * size + 65_536)), out, parts);
    }
}
