package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.audit.JournalFollower;
import dev.tollbridge.bridge.audit.RecordLine;
import dev.tollbridge.bridge.ledger.file.IndexFile.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the journal says, in the form that answers questions. Derived from it and from nothing
/// else.
final class LedgerIndex implements JournalFollower, AutoCloseable {

    /// Id of the record that says what is switched off.
    static final String SWITCHES = "kill-switches";

    private static final Logger LOG = LoggerFactory.getLogger(LedgerIndex.class);

    /// With fewer files than this all of them are looked at, whatever an id says of its time.
    private static final int FEW_FILES = 16;

    /// Clocks and queues: a record may be this much away from its id's time.
    private static final long SLACK_MILLIS = 900_000;

    /// One file of the journal.
    private static final class Indexed {
        private final Path file;
        private final long firstSeq;
        private volatile long firstMillis = Long.MAX_VALUE;
        private volatile @Nullable Places places = new Places();
        private volatile IndexFile.@Nullable SortedPlaces sorted;
        private @Nullable FileChannel channel;

        // Touched by the journal's thread only.
        private Uses uses = new Uses();

        private volatile SessionPlaces sessions = new SessionPlaces();

        /// In seconds since 1970.
        private volatile long latestUse;

        Indexed(Path file, long firstSeq) {
            this.file = file;
            this.firstSeq = firstSeq;
        }

        /// @return up to `length` bytes: fewer at the file's end
        synchronized byte[] read(long offset, int length) throws IOException {
            if (channel == null || !channel.isOpen()) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
            }
            byte[] bytes = new byte[length];
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining()) {
                if (channel.read(into, offset + into.position()) < 0) {
                    break;
                }
            }
            return into.hasRemaining() ? Arrays.copyOf(bytes, into.position()) : bytes;
        }

        synchronized void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private final InstantSource clock;
    private final UseTable uses;
    private final UseTable revoked;
    private final Keys keys;
    private final List<Indexed> files = new CopyOnWriteArrayList<>();
    private final Map<String, Place> open = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastUse = new ConcurrentHashMap<>();
    private final ExecutorService sealing =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("ledger-index").daemon().factory());

    private volatile @Nullable String switches;

    /// Until the journal is open, records are history, to be entered into the tables; after that
    /// they say what the ledger did itself.
    private volatile boolean live;

    LedgerIndex(InstantSource clock, UseTable uses, UseTable revoked, Keys keys) {
        this.clock = clock;
        this.uses = uses;
        this.revoked = revoked;
        this.keys = keys;
    }

    void live() {
        live = true;
    }

    @Nullable String switches() {
        return switches;
    }

    Map<String, Instant> lastUse() {
        return Map.copyOf(lastUse);
    }

    // From the journal

    @Override
    public @Nullable Known known(Path file, long size) {
        long now = clock.instant().getEpochSecond();
        IndexFile index = IndexFile.read(file, now);
        if (index == null || index.known().bytes() > size) {
            return null;
        }
        Indexed indexed = files.getLast();
        indexed.firstMillis = index.firstMillis();
        indexed.places = null;
        indexed.sorted = index.places();
        indexed.uses = index.uses();
        indexed.sessions = index.sessions();
        indexed.latestUse = index.latestUse();
        Uses made = index.uses();
        for (int i = 0; i < made.size(); i++) {
            int at = i * Uses.WIDTH;
            Keys.Wide key = new Keys.Wide(made.raw(at), made.raw(at + 1));
            long until = made.raw(at + 3);
            apply((int) until & 3, key, made.raw(at + 2), until >> 2, (int) made.raw(at + 4), now);
        }
        open.clear();
        open.putAll(index.open());
        lastUse.clear();
        lastUse.putAll(index.lastUse());
        switches = index.switches();
        return index.known();
    }

    @Override
    public void file(Path file, long firstSeq) {
        if (files.isEmpty() || files.getLast().firstSeq != firstSeq) {
            files.add(new Indexed(file, firstSeq));
        }
    }

    @Override
    public void record(AuditRecord record, long offset, int length) {
        Indexed file = files.getLast();
        if (file.firstMillis == Long.MAX_VALUE) {
            file.firstMillis = record.time().toEpochMilli();
        }
        Places places = file.places;
        if (places == null) {
            // An earlier run had written this far: go on from what it knew.
            places = new Places();
            IndexFile.SortedPlaces sorted = file.sorted;
            if (sorted != null) {
                places.addAll(sorted.source(), sorted.count());
            }
            file.places = places;
        }
        String id = record.id();
        if (id != null && id.startsWith("iss_")) {
            places.add(Keys.narrow(id), offset);
        }
        String receipt = record.receipt();
        if (receipt != null) {
            places.add(Keys.narrow(receipt), offset);
        }
        if (id == null) {
            return;
        }
        Instant ends = record.expires();
        if (ends != null && ofSession(record)) {
            file.sessions.add(offset, ends.getEpochSecond() + 1);
            file.latestUse = Math.max(file.latestUse, ends.getEpochSecond() + 1);
        }
        switch (record.kind()) {
            case RESERVED -> {
                open.put(id, new Place(file.firstSeq, offset, length));
                use(file, record, Uses.TAKE);
            }
            case ISSUED -> {
                if (open.remove(id) == null) {
                    use(file, record, Uses.TAKE);
                }
                String grant = record.grant();
                if (grant != null) {
                    lastUse.put(grant, record.time());
                }
            }
            case FAILED -> {
                if (open.remove(id) != null) {
                    use(file, record, Uses.GIVE_BACK);
                }
            }
            case UNCERTAIN -> {
                if (open.remove(id) == null) {
                    use(file, record, Uses.TAKE);
                }
            }
            case REVOKED -> {
                Instant expires = record.expires();
                if (expires != null) {
                    enter(
                            file,
                            Uses.REVOKE,
                            Keys.id(id),
                            0,
                            expires.getEpochSecond() + 1,
                            Keys.peer(null));
                }
            }
            case CONFIG -> {
                if (id.equals(SWITCHES)) {
                    switches = record.detail();
                }
            }
            case REFUSED, EXPIRED, SHADOW, SESSION, KEY -> {}
        }
    }

    private static boolean ofSession(AuditRecord record) {
        return record.kind() == AuditRecord.Kind.SESSION
                || (record.session() != null && record.kind() == AuditRecord.Kind.ISSUED);
    }

    private void use(Indexed file, AuditRecord record, int what) {
        String replay = record.replay();
        String jtiHash = record.jtiHash();
        Instant until = record.replayUntil();
        String presentation = record.presentation();
        if (replay == null || jtiHash == null || until == null || presentation == null) {
            return;
        }
        long number = Keys.narrow(presentation);
        long seconds = until.getEpochSecond() + 1;
        int peer = Keys.peer(record.peer());
        switch (replay) {
            case "single-use" -> enter(file, what, keys.token(jtiHash), number, seconds, peer);
            case "per-target" -> {
                String target = record.target();
                Keys.Wide key = keys.token(jtiHash, target == null ? "" : target);
                enter(file, what, key, number, seconds, peer);
                fingerprint(file, record, what, seconds, peer);
            }
            case "record" -> fingerprint(file, record, what, seconds, peer);
            default -> {}
        }
    }

    private void fingerprint(Indexed file, AuditRecord record, int what, long until, int peer) {
        String fingerprint = record.tokenFingerprint();
        if (fingerprint != null && what == Uses.TAKE) {
            enter(file, what, Keys.fingerprint(fingerprint), 0, until, peer);
        }
    }

    private void enter(
            Indexed file, int what, Keys.Wide key, long presentation, long until, int peer) {
        file.uses.add(what, key, presentation, until, peer);
        file.latestUse = Math.max(file.latestUse, until);
        if (!live) {
            apply(what, key, presentation, until, peer, clock.instant().getEpochSecond());
        }
    }

    private void apply(int what, Keys.Wide key, long presentation, long until, int peer, long now) {
        if (until <= now) {
            return;
        }
        if (what == Uses.TAKE) {
            uses.restore(key.high(), key.low(), presentation, until, peer, now);
        } else if (what == Uses.GIVE_BACK) {
            uses.giveBack(key.high(), key.low(), presentation, now);
        } else {
            revoked.restore(key.high(), key.low(), presentation, until, peer, now);
        }
    }

    @Override
    public void sealed(Path file, Known all) {
        Indexed indexed = files.getLast();
        Places places = indexed.places;
        if (places == null) {
            // Nothing was added to what the index file beside it says.
            return;
        }
        Map<String, Place> stillOpen = new HashMap<>(open);
        Map<String, Instant> used = new HashMap<>(lastUse);
        String off = switches;
        Uses made = indexed.uses;
        SessionPlaces sessions = indexed.sessions.copy();
        long latest = indexed.latestUse;
        indexed.uses = new Uses();
        sealing.execute(() -> {
            try {
                long[] sorted = places.sorted();
                IndexFile index =
                        new IndexFile(
                                all,
                                indexed.firstMillis,
                                latest,
                                made,
                                sessions,
                                stillOpen,
                                used,
                                off,
                                new IndexFile.SortedPlaces(i -> sorted[i], sorted.length));
                index.write(file);
                IndexFile mapped = IndexFile.read(file, Long.MAX_VALUE);
                if (mapped != null) {
                    indexed.sorted = mapped.places();
                    indexed.places = null;
                }
            } catch (IOException | RuntimeException e) {
                // The index stays in memory; the next start makes it anew from the file.
                LOG.warn("no index beside {}: {}", file.getFileName(), e.toString());
            }
        });
    }

    @Override
    public void close() {
        sealing.shutdown();
        try {
            if (!sealing.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("an index was still being written; the next start makes it anew");
            }
            for (Indexed file : files) {
                file.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("closing the index failed: {}", e.toString());
        }
    }

    // Questions

    /// Lines of an id or receipt, in the journal's order.
    ///
    /// @param allLater whether lines long after the id was made are wanted too
    List<AuditRecord> lines(String text, boolean allLater, Predicate<AuditRecord> meant) {
        long number = Keys.narrow(text);
        long made = Ids.millisOf(text);
        // As they are now: retention may remove the oldest meanwhile.
        List<Indexed> files = List.copyOf(this.files);
        int from = 0;
        int to = files.size();
        if (to > FEW_FILES && made >= 0) {
            while (from + 1 < to && files.get(from + 1).firstMillis < made - SLACK_MILLIS) {
                from++;
            }
            if (!allLater) {
                while (to - 1 > from && files.get(to - 1).firstMillis > made + SLACK_MILLIS) {
                    to--;
                }
            }
        }
        List<AuditRecord> found = new ArrayList<>(2);
        for (int i = from; i < to; i++) {
            Indexed file = files.get(i);
            for (long offset : offsets(file, number)) {
                AuditRecord record = lineAt(file, offset);
                if (record != null && meant.test(record)) {
                    found.add(record);
                }
            }
        }
        return found;
    }

    private static long[] offsets(Indexed file, long number) {
        Places places = file.places;
        if (places != null) {
            return places.find(number);
        }
        IndexFile.SortedPlaces sorted = file.sorted;
        if (sorted == null) {
            return new long[0];
        }
        List<Long> found = new ArrayList<>(2);
        Places.find(sorted.source(), sorted.count(), number, found::add);
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private static @Nullable AuditRecord lineAt(Indexed file, long offset) {
        try {
            for (int length = 2048; ; length *= 4) {
                byte[] line = file.read(offset, length);
                int end = 0;
                while (end < line.length && line[end] != '\n') {
                    end++;
                }
                if (end < line.length || line.length < length) {
                    return RecordLine.parse(line, 0, end).record();
                }
            }
        } catch (IOException e) {
            LOG.error(
                    "{}: the line at byte {} cannot be read: {}", file.file, offset, e.toString());
            return null;
        }
    }

    /// Lines of job sessions, and of what they were issued, that may still matter.
    List<AuditRecord> sessionLines() {
        long now = clock.instant().getEpochSecond();
        List<AuditRecord> lines = new ArrayList<>();
        for (Indexed file : files) {
            for (long offset : file.sessions.endingAfter(now)) {
                AuditRecord record = lineAt(file, offset);
                if (record != null) {
                    lines.add(record);
                }
            }
        }
        return lines;
    }

    /// Reservations without outcome.
    List<AuditRecord> openReservations() {
        List<AuditRecord> records = new ArrayList<>();
        for (Place place : open.values()) {
            for (Indexed file : files) {
                if (file.firstSeq == place.firstSeq()) {
                    AuditRecord record = lineAt(file, place.offset());
                    if (record != null) {
                        records.add(record);
                    }
                }
            }
        }
        return records;
    }

    /// The oldest files, one after the other, that nothing needs any more: the first line behind
    /// them is older than `before`, and no use, revocation or open reservation is in them.
    ///
    /// @return never the file that is being written
    List<Path> past(Instant before) {
        List<Indexed> all = List.copyOf(files);
        long now = clock.instant().getEpochSecond();
        List<Path> past = new ArrayList<>();
        for (int i = 0; i + 1 < all.size(); i++) {
            Indexed file = all.get(i);
            if (all.get(i + 1).firstMillis >= before.toEpochMilli()
                    || file.latestUse >= now
                    || open.values().stream()
                            .anyMatch(place -> place.firstSeq() == file.firstSeq)) {
                break;
            }
            past.add(file.file);
        }
        return past;
    }

    /// The file is about to be removed.
    void forget(Path file) throws IOException {
        for (Indexed indexed : List.copyOf(files)) {
            if (indexed.file.equals(file)) {
                files.remove(indexed);
                indexed.close();
                Files.deleteIfExists(IndexFile.beside(file));
            }
        }
    }

    /// The journal's files, newest first.
    List<Path> newestFirst() {
        List<Path> paths = new ArrayList<>();
        for (Indexed file : files) {
            paths.addFirst(file.file);
        }
        return paths;
    }
}
