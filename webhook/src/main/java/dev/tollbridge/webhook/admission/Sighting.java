package dev.tollbridge.webhook.admission;

import dev.tollbridge.webhook.decide.Ruling;
import java.time.Instant;

/// Something that was judged: a request that is no dry run, or what a sweep came by.
///
/// @param occasion `CREATE`, `UPDATE`, `DELETE`, or `sweep`
/// @param uid of the request, by which the API server's audit log knows it; empty for a sweep
/// @param user who asked; empty for a sweep
public record Sighting(Instant time, String uid, String occasion, String user, Ruling ruling) {

    static final String SWEEP = "sweep";

    public boolean bySweep() {
        return occasion.equals(SWEEP);
    }
}
