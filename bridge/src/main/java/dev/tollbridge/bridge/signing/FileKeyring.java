package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bridge's keys in files: `DATA/keys/bridge.json`, `federation.json` and `handle.key`.
///
/// Several processes may have it open. Each change is made under a lock, on what the file holds at
/// that moment, and replaces the file as a whole; a process that is serving looks for changes of
/// others (see {@link #watch}). Reading and signing never wait for a change.
public final class FileKeyring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileKeyring.class);
    private static final String HANDLE_FILE = "handle.key";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Making an RSA key without native help takes up to some seconds.
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final KeyFolder folder;
    private final KeyringSettings settings;
    private final InstantSource clock;
    private final Consumer<KeyEvent> listener;
    private final HandleKey handleKey;
    private final Map<OwnIssuer, Slot> slots = new EnumMap<>(OwnIssuer.class);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Thread watcher;

    /// Where an issuer's current snapshot is.
    private static final class Slot {
        private volatile @Nullable KeySnapshot snapshot;

        KeySnapshot get() {
            KeySnapshot now = snapshot;
            if (now == null) {
                throw new IllegalStateException("the keyring is not open yet");
            }
            return now;
        }
    }

    private FileKeyring(
            KeyFolder folder,
            KeyringSettings settings,
            InstantSource clock,
            Consumer<KeyEvent> listener) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
        for (OwnIssuer issuer : OwnIssuer.values()) {
            slots.put(issuer, new Slot());
        }
        handleKey = folder.exclusively(this::openHandleKey);
        for (OwnIssuer issuer : OwnIssuer.values()) {
            openKeys(issuer);
        }
    }

    /// Opens the keys below `data`, and makes the first ones where there are none: for each issuer
    /// an ES256 key that signs and one that is next.
    ///
    /// @throws KeyringUnavailable when they cannot be read or written, or a file is damaged: it is
    ///   never replaced silently, because tokens are out that only its keys verify
    public static FileKeyring open(Path data, KeyringSettings settings, InstantSource clock) {
        return open(data, settings, clock, event -> {});
    }

    /// @param listener told of every key that appears or changes, after the change is on disk; on
    ///   the thread that made or found it
    public static FileKeyring open(
            Path data, KeyringSettings settings, InstantSource clock, Consumer<KeyEvent> listener) {
        return new FileKeyring(KeyFolder.open(data.resolve("keys")), settings, clock, listener);
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
        Slot slot = slot(issuer);
        return new PublicKeys() {
            @Override
            public byte[] jwks() {
                return slot.get().jwks();
            }

            @Override
            public boolean verifies(
                    String keyId, String algorithm, byte[] signingInput, byte[] signature) {
                return slot.get().verifies(keyId, algorithm, signingInput, signature);
            }
        };
    }

    public HandleKey handleKey() {
        return handleKey;
    }

    /// Every key of both issuers, oldest first.
    public List<KeyInfo> list() {
        List<KeyInfo> all = new ArrayList<>();
        for (OwnIssuer issuer : OwnIssuer.values()) {
            for (SigningKey key : slot(issuer).get().keys().keys()) {
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
        return change(issuer, fresh.kid(), keys -> keys.staged(fresh));
    }

    /// Lets a next key sign, and retires the one that did.
    ///
    /// @param force even when others may not have it yet
    /// @throws KeyChangeRefused when it is not a next key, or was published for less than the cache
    ///   time
    public KeyInfo activate(String kid, boolean force) throws KeyChangeRefused {
        return change(
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
        return change(issuerOf(kid), kid, keys -> keys.retired(kid, now()));
    }

    /// Withdraws a key at once: it leaves the published set, and what it signed is believed no
    /// more. If it was active, the next key takes over, or a new one.
    ///
    /// @throws KeyChangeRefused when it is revoked already
    public KeyInfo revoke(String kid) throws KeyChangeRefused {
        return change(issuerOf(kid), kid, keys -> keys.revoked(kid, now(), this::make));
    }

    /// Takes over what another process changed. A file that has become unreadable changes nothing
    /// here: the keys at hand stay in use.
    ///
    /// @return whether there was anything
    public boolean refresh() {
        boolean found = false;
        for (OwnIssuer issuer : OwnIssuer.values()) {
            Object version = folder.version(file(issuer));
            if (version != null && !version.equals(slot(issuer).get().version())) {
                // Under the lock, so that what was read before a change cannot replace the change.
                folder.exclusively(() -> current(issuer));
                found = true;
            }
        }
        return found;
    }

    /// Does what is due: lets next keys take over by the schedule, stages next keys, forgets keys
    /// whose tokens have all ended, makes the RS256 key that clouds will ask the federation issuer
    /// for.
    public void upkeep() {
        for (OwnIssuer issuer : OwnIssuer.values()) {
            // Looked at without the lock first: nearly always nothing is due.
            Keys seen = slot(issuer).get().keys();
            if (lacksStanding(seen) || seen.needsKeeping(now(), settings)) {
                folder.exclusively(() -> {
                    Keys before = current(issuer).keys();
                    Keys after = kept(before);
                    return after.equals(before) ? before : write(after);
                });
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
        try {
            do {
                try {
                    refresh();
                    upkeep();
                } catch (RuntimeException e) {
                    // The keys at hand go on working; what failed is tried again.
                    LOG.error("signing keys: {}", String.valueOf(e.getMessage()));
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
        ActiveKey key = slot(issuer).get().active(algorithm);
        return key == null ? firstKey(issuer, algorithm) : key;
    }

    /// The one case in which a key signs before it was published: nobody asked for the algorithm
    /// until now. Verifiers that meet an unknown `kid` look again.
    private ActiveKey firstKey(OwnIssuer issuer, SigningAlgorithm algorithm) {
        folder.exclusively(() -> {
            Keys before = current(issuer).keys();
            Keys after = before.ready(algorithm, now(), this::make);
            return after.equals(before) ? before : write(after);
        });
        ActiveKey key = slot(issuer).get().active(algorithm);
        if (key == null) {
            throw new KeyringUnavailable(
                    "there is no active " + algorithm.joseName() + " key", null);
        }
        return key;
    }

    private interface KeysChange {
        Keys of(Keys keys) throws KeyChangeRefused;
    }

    private KeyInfo change(OwnIssuer issuer, String kid, KeysChange change)
            throws KeyChangeRefused {
        Keys after = folder.exclusively(() -> write(change.of(current(issuer).keys())));
        SigningKey key = after.find(kid);
        if (key == null) {
            throw new IllegalStateException("a change lost the key it was about");
        }
        return key.info(issuer, settings);
    }

    /// What the file holds now: under the lock nobody else can change it.
    private KeySnapshot current(OwnIssuer issuer) {
        KeySnapshot known = slot(issuer).get();
        Object version = folder.version(file(issuer));
        if (version != null && version.equals(known.version())) {
            return known;
        }
        KeySnapshot read =
                read(issuer)
                        .orElseThrow(() ->
                                new KeyringUnavailable(
                                        folder.path(file(issuer)) + " is gone", null));
        publish(issuer, read);
        return read;
    }

    private Keys write(Keys keys) {
        String file = file(keys.issuer());
        folder.write(file, KeyFile.write(keys));
        publish(keys.issuer(), new KeySnapshot(keys, folder.version(file)));
        return keys;
    }

    private Optional<KeySnapshot> read(OwnIssuer issuer) {
        String file = file(issuer);
        // The version before the content: if it changes in between, the next look reads again.
        Object version = folder.version(file);
        Optional<byte[]> bytes = folder.read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new KeySnapshot(KeyFile.read(issuer, bytes.get()), version));
        } catch (KeyFile.Damaged e) {
            throw new KeyringUnavailable(
                    folder.path(file) + " cannot be used: " + e.getMessage(), null);
        }
    }

    private void openKeys(OwnIssuer issuer) {
        folder.exclusively(() -> {
            Optional<KeySnapshot> read = read(issuer);
            if (read.isPresent()) {
                slot(issuer).snapshot = read.get();
                return read.get().keys();
            }
            Keys none = new Keys(issuer, List.of());
            slot(issuer).snapshot = new KeySnapshot(none, null);
            return write(
                    none.ready(SigningAlgorithm.ES256, now(), this::make)
                            .with(make(SigningAlgorithm.ES256)));
        });
    }

    private HandleKey openHandleKey() {
        Optional<byte[]> read = folder.read(HANDLE_FILE);
        byte[] key = read.orElseGet(HandleKey::random);
        if (key.length != HandleKey.KEY_LENGTH) {
            throw new KeyringUnavailable(
                    folder.path(HANDLE_FILE) + " cannot be used: it has the wrong length", null);
        }
        if (read.isEmpty()) {
            folder.write(HANDLE_FILE, key);
        }
        return new HandleKey(key);
    }

    private void publish(OwnIssuer issuer, KeySnapshot fresh) {
        Slot slot = slot(issuer);
        Keys before = slot.get().keys();
        slot.snapshot = fresh;
        for (SigningKey key : fresh.keys().keys()) {
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
            if (slot(issuer).get().keys().find(kid) != null) {
                return issuer;
            }
        }
        throw new KeyChangeRefused("there is no such key; `tollbridge keys list` shows them");
    }

    private SigningKey make(SigningAlgorithm algorithm) {
        return KeyMaker.make(algorithm, now());
    }

    private Slot slot(OwnIssuer issuer) {
        Slot slot = slots.get(issuer);
        if (slot == null) {
            throw new IllegalStateException("every issuer has a slot");
        }
        return slot;
    }

    private static String file(OwnIssuer issuer) {
        return issuer.code() + ".json";
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
