package dev.tollbridge.bridge.signing;

import java.time.Duration;

/// The times a keyring keeps to.
///
/// @param cacheTime how long others may hold a copy of the key set: a key that was published for
///   less is not used yet, unless forced
/// @param longestTokenLife no token may be signed for longer, so that a retired key can leave
/// @param margin added to that, for others' clocks
/// @param rotation how long a key is active before the next takes over by itself; zero: never
public record KeyringSettings(
        Duration cacheTime, Duration longestTokenLife, Duration margin, Duration rotation) {

    public static final KeyringSettings DEFAULT =
            new KeyringSettings(
                    Duration.ofHours(1),
                    Duration.ofHours(24),
                    Duration.ofHours(1),
                    Duration.ofDays(30));

    public KeyringSettings {
        if (cacheTime.isNegative()
                || longestTokenLife.isNegative()
                || margin.isNegative()
                || rotation.isNegative()) {
            throw new IllegalArgumentException("a keyring's times cannot be negative");
        }
    }

    public KeyringSettings withRotation(Duration every) {
        return new KeyringSettings(cacheTime, longestTokenLife, margin, every);
    }

    Duration keptAfterEnd() {
        return longestTokenLife.plus(margin);
    }
}
