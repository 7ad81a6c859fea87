package dev.tollbridge.bridge.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.HandleKey;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What this process knows of credentials that live at providers: how each can be ended, and by a
/// keyed fingerprint which issuance one belongs to. In memory only, until they end, and bounded:
/// what is pushed out or lost in a restart can still be ended by its handle.
final class HeldCredentials {

    /// Characters, entries counted as {@link #ENTRY} each.
    private static final long MOST = 32L << 20;

    private static final int ENTRY = 512;

    /// @param target as it was when this was minted
    record Held(Target target, @Nullable Secret endedBy, Instant ends) {}

    private final HandleKey key;
    private final Cache<String, Held> byIssuance;
    private final Cache<String, String> byFingerprint;

    HeldCredentials(HandleKey key, InstantSource clock) {
        this.key = key;
        this.byIssuance =
                Caffeine.newBuilder()
                        .maximumWeight(MOST)
                        .weigher((String _, Held held) -> weight(held))
                        .expireAfter(
                                Expiry.creating((String _, Held held) ->
                                        left(clock.instant(), held.ends())))
                        .build();
        this.byFingerprint =
                Caffeine.newBuilder()
                        .maximumSize(MOST / ENTRY)
                        .expireAfter(
                                Expiry.creating((String _, String issuance) -> {
                                    Held held = byIssuance.getIfPresent(issuance);
                                    return held == null
                                            ? Duration.ZERO
                                            : left(clock.instant(), held.ends());
                                }))
                        .build();
    }

    private static int weight(Held held) {
        Secret endedBy = held.endedBy();
        return ENTRY + (endedBy == null ? 0 : endedBy.length());
    }

    private static Duration left(Instant now, Instant ends) {
        Duration left = Duration.between(now, ends);
        return left.isNegative() ? Duration.ZERO : left;
    }

    void remember(String issuance, Target target, MintedCredential credential) {
        byIssuance.put(issuance, new Held(target, credential.endedBy(), credential.expiresAt()));
        byFingerprint.put(fingerprint(credential.value()), issuance);
    }

    @Nullable Held of(String issuance) {
        return byIssuance.getIfPresent(issuance);
    }

    /// The issuance of a credential that this process handed out; null: not known.
    @Nullable String issuance(Secret credential) {
        return byFingerprint.getIfPresent(fingerprint(credential));
    }

    /// Keyed, so that a dump of the memory names no credential that somebody could try values
    /// against.
    private String fingerprint(Secret credential) {
        return Base64.getEncoder().encodeToString(key.code("credential " + credential.reveal()));
    }
}
