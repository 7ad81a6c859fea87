package dev.tollbridge.bridge.token.keys;

import java.time.Duration;

/// How long keys are believed and how often issuers are asked.
///
/// @param fresh how long a set needs no second look
/// @param refreshAhead how long before that a set is fetched anew
/// @param maxStale age at which a set is no longer believed, however long the outage
/// @param patience how long a caller waits for a fetch
/// @param justFetched a successful fetch this recent answers for an unknown key id
/// @param unknownCoolDown how long an unknown key id stays unknown without another look
/// @param demandBurst how many fetches unknown key ids may cause at once, per issuer
/// @param demandInterval after a burst, the time between such fetches
/// @param firstRetry time to the first scheduled attempt after a failure; doubles up to `lastRetry`
/// @param rediscover how long a discovery document is believed
public record KeyTimings(
        Duration fresh,
        Duration refreshAhead,
        Duration maxStale,
        Duration patience,
        Duration justFetched,
        Duration unknownCoolDown,
        int demandBurst,
        Duration demandInterval,
        Duration firstRetry,
        Duration lastRetry,
        Duration rediscover) {

    public static final KeyTimings DEFAULT =
            new KeyTimings(
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(2),
                    Duration.ofHours(12),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    4,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(1),
                    Duration.ofHours(1));
}
