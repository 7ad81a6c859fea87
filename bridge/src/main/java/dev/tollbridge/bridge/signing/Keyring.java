package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.KeyStorage.Kept;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bridge's keys: those of its two issuers, and the handle key.
///
/// Several processes may have the same storage open. Each change is made of what is stored at that
/// moment, and stored only if nobody was faster; a process that is serving looks for changes of
/// others (see {@link #watch}). Reading and signing never wait for a change.
public final class Keyring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Whoever is too late has seen somebody else's change: so many others there are not.
    private static final int ATTEMPTS = 50;

    /// Making an RSA key without native help takes up to some seconds.
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final KeyStorage storage;
    private final KeyringSettings settings;
    private final InstantSource clock;
    private final Consumer<KeyEvent> listener;
    private final HandleKey handleKey;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Of two changes in this process the later one is taken over later.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile KeySets held;
    private volatile @Nullable Thread watcher;

    private Keyring(
            KeyStorage storage,
            KeyringSettings settings,
            InstantSource clock,
            Consumer<KeyEvent> listener,
            @Nullable KeyStorage earlier) {
        this.storage = storage;
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
        this.held = opened(earlier);
        this.handleKey = new HandleKey(held.handleKey());
    }

    /// Opens the keys in files, `DATA/keys`, and makes the first ones where there are none: for
    /// each issuer an ES256 key that signs and one that is next.
    ///
    /// @throws KeyringUnavailable when they cannot be read or written, or a file is damaged: it is
    ///   never replaced silently, because tokens are out that only its keys verify
    public static Keyring open(Path data, KeyringSettings settings, InstantSource clock) {
        return open(data, settings, clock, event -> {});
    }

    /// @param listener told of every key that appears or changes, after the change is stored; on
    ///   the thread that made or found it
    public static Keyring open(
            Path data, KeyringSettings settings, InstantSource clock, Consumer<KeyEvent> listener) {
        return new Keyring(
                KeyFolder.open(data.resolve(KeyFolder.NAME)), settings, clock, listener, null);
    }

    /// Opens the keys in some other storage. Where that is empty, keys that the data folder holds
    /// move there: a bridge that shared them with nobody goes on with them.
    ///
    /// @param data where the keys may have been before; null: nowhere
    /// @throws KeyringUnavailable as above
    public static Keyring open(
            KeyStorage storage,
            @Nullable Path data,
            KeyringSettings settings,
            InstantSource clock,
            Consumer<KeyEvent> listener) {
        Path folder = data == null ? null : data.resolve(KeyFolder.NAME);
        return new Keyring(
                storage,
                settings,
                clock,
                listener,
                folder != null && Files.isDirectory(folder) ? KeyFolder.open(folder) : null);
    }

    private KeySets opened(@Nullable KeyStorage earlier) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Kept there = storage.read();
            Map<String, byte[]> missing = missing(there, earlier);
            // Read before it is stored: what nobody could read is not stored.
            KeySets sets = KeySets.read(there.with(missing), storage, null);
            if (missing.isEmpty()) {
                return sets;
            }
            Optional<Kept> stored = storage.replace(there, missing);
            if (stored.isPresent()) {
                for (OwnIssuer issuer : OwnIssuer.values()) {
                    if (missing.containsKey(KeySets.entry(issuer))) {
                        tell(issuer, new Keys(issuer, List.of()), sets.of(issuer).keys());
                    }
                }
                return KeySets.read(stored.get(), storage, sets);
            }
        }
        throw contended();
    }

    private Map<String, byte[]> missing(Kept there, @Nullable KeyStorage earlier) {
        if (there.entries().isEmpty() && earlier != null) {
            Map<String, byte[]> moved = earlier.read().entries();
            if (moved.keySet().equals(KeyStorage.ENTRIES)) {
                LOG.info(
                        "the keys of the data folder are kept in {} from now on",
                        storage.place(""));
                return moved;
            }
        }
        Map<String, byte[]> missing = new HashMap<>();
        for (OwnIssuer issuer : OwnIssuer.values()) {
            if (!there.entries().containsKey(KeySets.entry(issuer))) {
                missing.put(KeySets.entry(issuer), KeyFile.write(first(issuer)));
            }
        }
        if (!there.entries().containsKey(KeySets.HANDLE_ENTRY)) {
            missing.put(KeySets.HANDLE_ENTRY, HandleKey.random());
        }
        return missing;
    }

    private Keys first(OwnIssuer issuer) {
        return new Keys(issuer, List.of())
                .ready(SigningAlgorithm.ES256, now(), this::make)
                .with(make(SigningAlgorithm.ES256));
    }

    private KeyringUnavailable contended() {
        return new KeyringUnavailable(
                storage.place("") + " is changed by others all the time", null);
    }

    /// Signs with whatever key is active at that moment.
    public TokenSigner signer(OwnIssuer issuer) {
        return new TokenSigner() {
            @Override
            public Secret sign(SigningAlgorithm algorithm, String type, byte[] claims) {
                return Secret.of(activeKey(issuer, algorithm).sign(type, claims));
            }

            @Override
            public void prepare(SigningAlgorithm algorithm) {
                activeKey(issuer, algorithm);
            }

            @Override
            public Duration longestTokenLife() {
                return settings.longestTokenLife();
            }
        };
    }

    /// What is published at that moment.
    public PublicKeys publicKeys(OwnIssuer issuer) {
        return new PublicKeys() {
            @Override
            public byte[] jwks() {
                return held.of(issuer).jwks();
            }

            @Override
            public boolean verifies(
                    String keyId, String algorithm, byte[] signingInput, byte[] signature) {
                return held.of(issuer).verifies(keyId, algorithm, signingInput, signature);
            }
        };
    }

    public HandleKey handleKey() {
        return handleKey;
    }

    /// Every key of both issuers, oldest first.
    public List<KeyInfo> list() {
        KeySets now = held;
        List<KeyInfo> all = new ArrayList<>();
        for (OwnIssuer issuer : OwnIssuer.values()) {
            for (SigningKey key : now.of(issuer).keys().keys()) {
                all.add(key.info(issuer, settings));
            }
        }
        return all;
    }

    /// Makes and publishes a next key.
    ///
    /// @throws KeyChangeRefused when there is one already
    public KeyInfo stage(OwnIssuer issuer, SigningAlgorithm algorithm) throws KeyChangeRefused {
        SigningKey fresh = KeyMaker.make(algorithm, now());
        return changed(issuer, fresh.kid(), keys -> keys.staged(fresh));
    }

    /// Lets a next key sign, and retires the one that did.
    ///
    /// @param force even when others may not have it yet
    /// @throws KeyChangeRefused when it is not a next key, or was published for less than the cache
    ///   time
    public KeyInfo activate(String kid, boolean force) throws KeyChangeRefused {
        return changed(
                issuerOf(kid),
                kid,
                keys -> keys.activated(kid, now(), settings.cacheTime(), force));
    }

    /// Takes a key out of use. It stays published until what it signed has ended. An algorithm that
    /// was made because a target asked for it ends with its active key, and begins anew when one
    /// asks again.
    ///
    /// @throws KeyChangeRefused when it is the active ES256 key, or has ended
    public KeyInfo retire(String kid) throws KeyChangeRefused {
        return changed(issuerOf(kid), kid, keys -> keys.retired(kid, now()));
    }

    /// Withdraws a key at once: it leaves the published set, and what it signed is believed no
    /// more. If it was active, the next key takes over, or a new one.
    ///
    /// @throws KeyChangeRefused when it is revoked already
    public KeyInfo revoke(String kid) throws KeyChangeRefused {
        return changed(issuerOf(kid), kid, keys -> keys.revoked(kid, now(), this::make));
    }

    /// Takes over what another process changed. What has become unreadable changes nothing here:
    /// the keys at hand stay in use.
    ///
    /// @return whether there was anything
    /// @throws KeyringUnavailable when it cannot be read, or is gone
    public boolean refresh() {
        changing.lock();
        try {
            String version = storage.version();
            if (version == null) {
                throw new KeyringUnavailable(
                        storage.place("") + " is gone; the keys at hand stay in use", null);
            }
            if (version.equals(held.kept().version())) {
                return false;
            }
            takeOver(storage.read());
            return true;
        } finally {
            changing.unlock();
        }
    }

    /// Does what is due: lets next keys take over by the schedule, stages next keys, forgets keys
    /// whose tokens have all ended, makes the RS256 key that clouds will ask the federation issuer
    /// for. Of several bridges that find the same due, one does it: whoever stores first.
    public void upkeep() {
        for (OwnIssuer issuer : OwnIssuer.values()) {
            // Nearly always nothing is due, and the storage need not be asked.
            Keys seen = held.of(issuer).keys();
            if (lacksStanding(seen) || seen.needsKeeping(now(), settings)) {
                change(issuer, this::kept);
            }
        }
    }

    /// Looks for other processes' changes and for what is due, every second, until closed.
    public void watch() {
        watcher = Thread.ofPlatform().daemon().name("signing-keys").start(this::watchUntilClosed);
    }

    /// Stops watching. A change that the watch has begun is finished first.
    @Override
    public void close() {
        closed.countDown();
        Thread watching = watcher;
        if (watching != null) {
            try {
                watching.join(CLOSE_WITHIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void watchUntilClosed() {
        String said = "";
        try {
            do {
                try {
                    refresh();
                    upkeep();
                    if (!said.isEmpty()) {
                        LOG.info("signing keys: readable again");
                        said = "";
                    }
                } catch (RuntimeException e) {
                    // The keys at hand go on working; what failed is tried again.
                    String trouble = String.valueOf(e.getMessage());
                    if (!trouble.equals(said)) {
                        LOG.error("signing keys: {}", trouble);
                        said = trouble;
                    }
                }
            } while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Algorithms an issuer has keys for before anybody asks.
    private static boolean lacksStanding(Keys keys) {
        return keys.issuer() == OwnIssuer.FEDERATION
                && keys.in(KeyState.ACTIVE, SigningAlgorithm.RS256) == null;
    }

    private Keys kept(Keys keys) {
        Keys standing =
                lacksStanding(keys) ? keys.ready(SigningAlgorithm.RS256, now(), this::make) : keys;
        return standing.kept(now(), settings, this::make);
    }

    private ActiveKey activeKey(OwnIssuer issuer, SigningAlgorithm algorithm) {
        ActiveKey key = held.of(issuer).active(algorithm);
        return key == null ? firstKey(issuer, algorithm) : key;
    }

    /// The one case in which a key signs before it was published: nobody asked for the algorithm
    /// until now. Verifiers that meet an unknown `kid` look again.
    private ActiveKey firstKey(OwnIssuer issuer, SigningAlgorithm algorithm) {
        change(issuer, keys -> keys.ready(algorithm, now(), this::make));
        ActiveKey key = held.of(issuer).active(algorithm);
        if (key == null) {
            throw new KeyringUnavailable(
                    "there is no active " + algorithm.joseName() + " key", null);
        }
        return key;
    }

    /// What becomes of an issuer's keys. Asked again, with what others made of them, when they were
    /// faster.
    private interface KeysChange<E extends Exception> {
        Keys of(Keys keys) throws E;
    }

    private KeyInfo changed(OwnIssuer issuer, String kid, KeysChange<KeyChangeRefused> change)
            throws KeyChangeRefused {
        SigningKey key = change(issuer, change).find(kid);
        if (key == null) {
            throw new IllegalStateException("a change lost the key it was about");
        }
        return key.info(issuer, settings);
    }

    private <E extends Exception> Keys change(OwnIssuer issuer, KeysChange<E> change) throws E {
        changing.lock();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Kept there = storage.read();
                takeOver(there);
                Keys before = held.of(issuer).keys();
                Keys after = change.of(before);
                if (after.equals(before)) {
                    return before;
                }
                Optional<Kept> stored =
                        storage.replace(there, Map.of(KeySets.entry(issuer), KeyFile.write(after)));
                if (stored.isPresent()) {
                    takeOver(stored.get());
                    return after;
                }
            }
            throw contended();
        } finally {
            changing.unlock();
        }
    }

    /// Puts what was read in the place of what is held, and tells what is new.
    private void takeOver(Kept there) {
        KeySets before = held;
        if (there.sameEntries(before.kept())) {
            held = new KeySets(there, before.issuers(), before.handleKey());
            return;
        }
        KeySets now = KeySets.read(there, storage, before);
        held = now;
        handleKey.become(now.handleKey());
        for (OwnIssuer issuer : OwnIssuer.values()) {
            tell(issuer, before.of(issuer).keys(), now.of(issuer).keys());
        }
    }

    private void tell(OwnIssuer issuer, Keys before, Keys now) {
        for (SigningKey key : now.keys()) {
            SigningKey old = before.find(key.kid());
            if (old == null || old.state() != key.state()) {
                tell(new KeyEvent(key.info(issuer, settings), old == null ? null : old.state()));
            }
        }
    }

    /// The change is made, whatever becomes of the news of it.
    private void tell(KeyEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("signing keys: a change was not recorded", e);
        }
    }

    private OwnIssuer issuerOf(String kid) throws KeyChangeRefused {
        refresh();
        for (OwnIssuer issuer : OwnIssuer.values()) {
            if (held.of(issuer).keys().find(kid) != null) {
                return issuer;
            }
        }
        throw new KeyChangeRefused("there is no such key; `tollbridge keys list` shows them");
    }

    private SigningKey make(SigningAlgorithm algorithm) {
        return KeyMaker.make(algorithm, now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
