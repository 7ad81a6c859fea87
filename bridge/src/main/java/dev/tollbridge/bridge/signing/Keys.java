package dev.tollbridge.bridge.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All keys of one issuer, and what may become of them. Every method returns the keys as they are
/// afterwards; nothing is changed in place, and nothing is stored here.
///
/// @param keys oldest first
record Keys(OwnIssuer issuer, List<SigningKey> keys) {

    Keys {
        keys = List.copyOf(keys);
    }

    @Nullable SigningKey find(String kid) {
        for (SigningKey key : keys) {
            if (key.kid().equals(kid)) {
                return key;
            }
        }
        return null;
    }

    @Nullable SigningKey in(KeyState state, SigningAlgorithm algorithm) {
        for (SigningKey key : keys) {
            if (key.state() == state && key.algorithm() == algorithm) {
                return key;
            }
        }
        return null;
    }

    Keys with(SigningKey fresh) {
        List<SigningKey> all = new ArrayList<>(keys);
        all.add(fresh);
        return new Keys(issuer, all);
    }

    Keys staged(SigningKey fresh) throws KeyChangeRefused {
        SigningKey next = in(KeyState.NEXT, fresh.algorithm());
        if (next != null) {
            throw new KeyChangeRefused(
                    "there is already a next %s key of %s: %s. Activate it, or retire it first"
                            .formatted(fresh.algorithm().joseName(), issuer.code(), next.kid()));
        }
        return with(fresh);
    }

    /// @param force whatever others may still hold in their caches
    Keys activated(String kid, Instant now, Duration cacheTime, boolean force)
            throws KeyChangeRefused {
        SigningKey next = known(kid);
        if (next.state() != KeyState.NEXT) {
            throw new KeyChangeRefused(
                    "key %s is %s; only a next key can be activated"
                            .formatted(kid, next.state().code()));
        }
        Instant ready = next.createdAt().plus(cacheTime);
        if (now.isBefore(ready) && !force) {
            throw new KeyChangeRefused(
                    "key %s was published at %s; others may hold an older key set until %s, and would refuse what it signs. Wait, or force it"
                            .formatted(kid, next.createdAt(), ready));
        }
        return promoted(next, now);
    }

    Keys retired(String kid, Instant now) throws KeyChangeRefused {
        SigningKey key = known(kid);
        return switch (key.state()) {
            case NEXT -> changed(key, key.ended(KeyState.RETIRED, now));
            case ACTIVE -> retiredWithSuccessor(key, now);
            case RETIRED, REVOKED ->
                    throw new KeyChangeRefused(
                            "key %s is already %s".formatted(kid, key.state().code()));
        };
    }

    private Keys retiredWithSuccessor(SigningKey active, Instant now) throws KeyChangeRefused {
        SigningKey next = in(KeyState.NEXT, active.algorithm());
        if (active.algorithm() == SigningAlgorithm.ES256) {
            throw new KeyChangeRefused(
                    next == null
                            ? "key %s is the only one that signs; stage another first"
                                    .formatted(active.kid())
                            : "key %s signs; activate %s, which retires it"
                                    .formatted(active.kid(), next.kid()));
        }
        // An algorithm that was made on demand ends altogether, and begins anew on demand.
        Keys without = next == null ? this : changed(next, next.ended(KeyState.RETIRED, now));
        return without.changed(active, active.ended(KeyState.RETIRED, now));
    }

    /// Takes a key away at once. Where it was the one that signed, the next one takes over whether
    /// it was published long enough or not: a few failed verifications are the smaller evil.
    ///
    /// @param make makes the successor where there is no next key
    Keys revoked(String kid, Instant now, Function<SigningAlgorithm, SigningKey> make)
            throws KeyChangeRefused {
        SigningKey key = known(kid);
        if (key.state() == KeyState.REVOKED) {
            throw new KeyChangeRefused("key %s is already revoked".formatted(kid));
        }
        Keys without = changed(key, key.ended(KeyState.REVOKED, now));
        return key.state() == KeyState.ACTIVE ? without.ready(key.algorithm(), now, make) : without;
    }

    /// With an active key of the algorithm.
    Keys ready(
            SigningAlgorithm algorithm, Instant now, Function<SigningAlgorithm, SigningKey> make) {
        if (in(KeyState.ACTIVE, algorithm) != null) {
            return this;
        }
        SigningKey next = in(KeyState.NEXT, algorithm);
        if (next != null) {
            return promoted(next, now);
        }
        SigningKey fresh = make.apply(algorithm);
        return with(fresh).promoted(fresh, now);
    }

    /// What time alone brings: forgets keys whose tokens have all ended, lets the next key take
    /// over when its turn has come, and stages a next one for every algorithm in use.
    Keys kept(Instant now, KeyringSettings settings, Function<SigningAlgorithm, SigningKey> make) {
        Keys kept = without(now.minus(settings.keptAfterEnd()));
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            SigningKey active = kept.in(KeyState.ACTIVE, algorithm);
            SigningKey next = kept.in(KeyState.NEXT, algorithm);
            if (active != null && next != null && due(active, next, now, settings)) {
                kept = kept.promoted(next, now);
                next = null;
            }
            if (active != null && next == null) {
                kept = kept.with(make.apply(algorithm));
            }
        }
        return kept;
    }

    /// Whether {@link #kept} would change anything. Makes no keys, so it costs nothing to ask.
    boolean needsKeeping(Instant now, KeyringSettings settings) {
        if (without(now.minus(settings.keptAfterEnd())).keys().size() < keys.size()) {
            return true;
        }
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            SigningKey active = in(KeyState.ACTIVE, algorithm);
            SigningKey next = in(KeyState.NEXT, algorithm);
            if (active != null && (next == null || due(active, next, now, settings))) {
                return true;
            }
        }
        return false;
    }

    private static boolean due(
            SigningKey active, SigningKey next, Instant now, KeyringSettings settings) {
        Instant since = active.activatedAt();
        return !settings.rotation().isZero()
                && since != null
                && !now.isBefore(since.plus(settings.rotation()))
                && !now.isBefore(next.createdAt().plus(settings.cacheTime()));
    }

    private Keys without(Instant endedBefore) {
        List<SigningKey> left = new ArrayList<>();
        for (SigningKey key : keys) {
            Instant ended = key.endedAt();
            if (ended == null || ended.isAfter(endedBefore)) {
                left.add(key);
            }
        }
        return left.size() == keys.size() ? this : new Keys(issuer, left);
    }

    private Keys promoted(SigningKey next, Instant now) {
        SigningKey active = in(KeyState.ACTIVE, next.algorithm());
        Keys without = active == null ? this : changed(active, active.ended(KeyState.RETIRED, now));
        return without.changed(next, next.activated(now));
    }

    private Keys changed(SigningKey from, SigningKey to) {
        List<SigningKey> all = new ArrayList<>(keys);
        all.set(all.indexOf(from), to);
        return new Keys(issuer, all);
    }

    private SigningKey known(String kid) throws KeyChangeRefused {
        SigningKey key = find(kid);
        if (key == null) {
            throw new KeyChangeRefused("there is no such key");
        }
        return key;
    }
}
