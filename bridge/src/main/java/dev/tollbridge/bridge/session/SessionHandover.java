package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.Instant;

/// What whoever has a session is told with each answer.
///
/// @param handle for the next request, and for one only
/// @param id `ses_...`, as the record has it
/// @param ends the latest moment at which the session is over
/// @param heartbeat how often the bridge has to be asked at least; after two of them without, the
///   session is over
public record SessionHandover(Secret handle, String id, Instant ends, Duration heartbeat) {}
