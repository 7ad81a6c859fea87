package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.audit.FolderLock;
import dev.tollbridge.bridge.audit.Journal;
import dev.tollbridge.bridge.audit.JournalBeginning;
import dev.tollbridge.bridge.audit.JournalOpening;
import dev.tollbridge.bridge.audit.JournalProblem;
import dev.tollbridge.bridge.audit.JournalTail;
import dev.tollbridge.bridge.audit.RefusalSampler;
import dev.tollbridge.bridge.audit.RefusedStream;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.SwitchedOff;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger of one machine: `DATA/audit` holds the record, `DATA/ledger.json` what it held when
/// it was last looked at.
public final class FileLedger implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /// Longer than any credential lives.
    public static final Duration SHORTEST_RETENTION = Duration.ofDays(7);

    /// How often the anchor follows the head, in nanoseconds.
    private static final long ANCHOR_PERIOD = 1_000_000_000L;

    private final Path data;
    private final Path folder;
    private final FileLedgerSettings settings;
    private final FolderLock lock;
    private final Journal journal;
    private final RefusedStream refused;
    private final RefusalSampler sampler;
    private final LedgerIndex index;
    private final TokenUses uses;
    private final UseTable revoked;
    private volatile long firstSeq;
    private final @Nullable Instant floor;
    private final Thread anchoring;

    private volatile SwitchedOff switches;
    private final Object recording = new Object();
    private String recordedSwitches;
    private volatile boolean closed;
    private @Nullable ChainHead anchored;

    private FileLedger(
            Path data,
            FileLedgerSettings settings,
            FolderLock lock,
            Journal journal,
            RefusedStream refused,
            LedgerIndex index,
            TokenUses uses,
            UseTable revoked,
            long firstSeq,
            @Nullable Instant floor) {
        this.data = data;
        this.folder = data.resolve("audit");
        this.settings = settings;
        this.lock = lock;
        this.journal = journal;
        this.refused = refused;
        this.sampler = new RefusalSampler(settings.clock());
        this.index = index;
        this.uses = uses;
        this.revoked = revoked;
        this.firstSeq = firstSeq;
        this.floor = floor;
        this.switches = SwitchedOff.parse(index.switches());
        this.recordedSwitches = switches.text();
        this.anchoring = Thread.ofPlatform().name("ledger-anchor").daemon().unstarted(this::anchor);
    }

    /// Opens the ledger of a data folder, makes it where there is none, and locks it until {@link
    /// #close}.
    ///
    /// @param data the data folder (`--data`); made (0700) where there is none
    /// @throws JournalProblem when another process has it, or it is damaged or of another version:
    ///   the message says what to do
    public static FileLedger open(Path data, FileLedgerSettings settings) {
        Path folder = data.resolve("audit");
        try {
            Files.createDirectories(
                    data,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new JournalProblem("cannot make the data folder " + data + ": " + e, e);
        }
        FolderLock lock = FolderLock.take(folder);
        try {
            return open(data, folder, settings, lock);
        } catch (IOException e) {
            lock.close();
            throw new JournalProblem("cannot open the ledger in " + data + ": " + e, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileLedger open(
            Path data, Path folder, FileLedgerSettings settings, FolderLock lock)
            throws IOException {
        Instant now = settings.clock().instant();
        UseTable table = new UseTable(settings.replayEntries());
        UseTable revoked = new UseTable(settings.replayEntries());
        Keys keys = new Keys();
        LedgerIndex index = new LedgerIndex(settings.clock(), table, revoked, keys);
        JournalOpening found;
        try {
            found = JournalOpening.read(folder, index);
        } catch (RuntimeException e) {
            // Index files of what could be read are still being written.
            index.close();
            throw e;
        }
        boolean keysBefore = Anchor.keysBefore(data);
        Anchor.Floor floor;
        try {
            Anchor anchor = Anchor.read(data.resolve("ledger.json"));
            floor = Anchor.compare(anchor, found, folder, keysBefore, now);
        } catch (IOException e) {
            floor = new Anchor.Floor(now, "ledger.json cannot be read");
        }
        Journal journal =
                found.start(
                        newId(),
                        new Journal.Settings(
                                settings.clock(),
                                settings.deadline(),
                                settings.queue(),
                                Math.min(settings.segmentBytes(), 128 << 20),
                                settings.disk(),
                                settings.end()));
        FileLedger ledger =
                new FileLedger(
                        data,
                        settings,
                        lock,
                        journal,
                        RefusedStream.open(folder, settings.refusedBytes(), settings.clock()),
                        index,
                        new TokenUses(table, keys, settings.clock()),
                        revoked,
                        found.firstSeq(),
                        floor.before());
        index.live();
        try {
            ledger.begin(found.cuts(), floor, now);
        } catch (Refusal refusal) {
            ledger.close();
            throw new JournalProblem("cannot write the record: " + refusal.detail());
        }
        return ledger;
    }

    private static String newId() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return "lgr_" + HexFormat.of().formatHex(random);
    }

    /// What happened while nobody looked goes into the record first.
    private void begin(List<String> cuts, Anchor.Floor lost, Instant now) throws IOException {
        boolean wait = false;
        for (String cut : cuts) {
            LOG.warn("{}", cut);
            journal.send(AuditRecord.note(now, AuditRecord.Kind.CONFIG, "torn", cut));
            wait = true;
        }
        if (lost.reason() != null) {
            String detail =
                    "the ledger lost its memory ("
                            + lost.reason()
                            + "): subject tokens issued before "
                            + floor
                            + " are refused, issuances it does not know count as ended";
            LOG.error("{}", detail);
            journal.send(AuditRecord.note(now, AuditRecord.Kind.CONFIG, "floor", detail));
            wait = true;
        }
        for (AuditRecord reserved : index.openReservations()) {
            journal.send(
                    reserved.after(
                            AuditRecord.Kind.UNCERTAIN,
                            now,
                            "reserved, and the bridge ended before the outcome was recorded"));
            wait = true;
        }
        if (wait || journal.head().seq() == 0) {
            journal.write(
                    AuditRecord.note(
                            now, AuditRecord.Kind.CONFIG, "start", "the ledger was opened"));
        }
        writeAnchor();
        anchoring.start();
    }

    /// As {@link Records} would write it, for a ledger that keeps the same facts elsewhere too.
    public static AuditRecord record(
            Reservation reservation,
            AuditRecord.Kind kind,
            Instant time,
            Instant expires,
            @Nullable Duration took,
            @Nullable String detail) {
        return Records.of(reservation, kind, time, expires, took, null, detail);
    }

    /// Where everything that is not an issuance goes: refusals (those that anybody can cause into a
    /// bounded stream of their own), shadow decisions, key and configuration changes.
    public AuditTrail trail() {
        return this::append;
    }

    private CompletableFuture<Void> append(AuditRecord record) {
        if (record.kind() == AuditRecord.Kind.REFUSED && Records.anybodyCanCause(record)) {
            return refused.append(record);
        }
        boolean spare =
                record.kind() == AuditRecord.Kind.REFUSED
                        || record.kind() == AuditRecord.Kind.SHADOW;
        if (spare && !sampler.wanted(record)) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return journal.append(record);
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /// The last durable line of the record.
    public ChainHead head() {
        return journal.head();
    }

    /// Subject tokens issued before are refused; null: nothing was lost.
    public @Nullable Instant floor() {
        return floor;
    }

    /// Refusals that were not recorded because too many came, for a metric.
    public long refusalsLeftOut() {
        return refused.leftOut() + sampler.leftOut();
    }

    /// Shows refusals that anybody can cause, which are in no chain, to somebody else too: a line
    /// each, without line feed. Must not block.
    public void alsoRefused(Consumer<byte[]> other) {
        refused.also(other);
    }

    /// Reads the record as it grows.
    ///
    /// @param after number of the last line that is not wanted any more
    public JournalTail tail(long after) {
        return new JournalTail(folder, journal::head, after);
    }

    /// Removes the oldest files of the record whose lines are all older than that and that no use
    /// of a token, no revocation and no open reservation needs any more.
    ///
    /// What is removed is written into the record before, together with what is switched off, which
    /// an index made anew could otherwise not know; and the head of it is signed and kept beside
    /// the files ({@link JournalBeginning}), so that the chain that is left still begins somewhere.
    ///
    /// @param age at least {@link #SHORTEST_RETENTION}
    /// @param sign makes a signed head
    /// @return how many files were removed
    /// @throws Refusal `ledger_unavailable` when that cannot be recorded: nothing was removed
    public int retain(Duration age, Function<ChainHead, String> sign) throws IOException {
        if (age.compareTo(SHORTEST_RETENTION) < 0) {
            throw new IllegalArgumentException("the record is kept for a week at least");
        }
        Instant now = settings.clock().instant();
        List<Path> past = index.past(now.minus(age));
        if (past.isEmpty() || closed) {
            return 0;
        }
        List<Path> files = index.newestFirst().reversed();
        ChainHead last = JournalBeginning.before(files.get(past.size()));
        if (!switches.text().isEmpty()) {
            journal.send(
                    AuditRecord.note(
                            now, AuditRecord.Kind.CONFIG, LedgerIndex.SWITCHES, switches.text()));
        }
        journal.write(
                AuditRecord.note(
                        now,
                        AuditRecord.Kind.CONFIG,
                        "retention",
                        "lines up to "
                                + last.seq()
                                + " are removed, older than "
                                + age.toDays()
                                + " days; the last of them has the hash "
                                + last.hash()));
        Anchor.replace(folder.resolve(JournalBeginning.FILE), sign.apply(last) + "\n");
        // The next start must not take what is missing for lost: first the anchor, then the files.
        beginAt(last.seq() + 1);
        for (Path file : past) {
            index.forget(file);
            Files.delete(file);
        }
        LOG.info("removed {} files of the record, up to line {}", past.size(), last.seq());
        return past.size();
    }

    private synchronized void beginAt(long first) throws IOException {
        firstSeq = first;
        anchored = null;
        writeAnchor();
        if (anchored == null) {
            throw new IOException("the anchor could not be written");
        }
    }

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        if (closed || !journal.healthy()) {
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE, "the record cannot be written", RETRY);
        }
        SwitchedOff before = switches;
        before.refuse(issuance);
        if (floor != null && issuance.subjectIssuedAt().isBefore(floor)) {
            throw new Refusal(
                    RefusalReason.TOKEN_TOO_OLD,
                    "the ledger lost its memory at " + floor + ", after this token was issued");
        }
        boolean otherPeer = uses.take(issuance);
        try {
            SwitchedOff after = switches;
            if (after != before) {
                after.refuse(issuance);
            }
            Reservation reservation = new Reservation(issuance, otherPeer);
            if (durable) {
                journal.write(
                        Records.of(
                                reservation,
                                AuditRecord.Kind.RESERVED,
                                issuance.time(),
                                issuance.expires(),
                                null,
                                null,
                                null));
            }
            return reservation;
        } catch (Refusal refusal) {
            // Nobody has been called yet, so no credential can exist.
            uses.giveBack(issuance);
            if (durable && refusal.reason() == RefusalReason.LEDGER_UNAVAILABLE) {
                sendIfPossible(
                        Records.of(
                                new Reservation(issuance, otherPeer),
                                AuditRecord.Kind.FAILED,
                                settings.clock().instant(),
                                issuance.expires(),
                                null,
                                refusal.reason(),
                                refusal.detail()));
            }
            throw refusal;
        }
    }

    @Override
    public void issued(
            Reservation reservation, Instant expires, @Nullable String knownAs, Duration took) {
        journal.write(
                Records.of(
                        reservation,
                        AuditRecord.Kind.ISSUED,
                        settings.clock().instant(),
                        expires,
                        took,
                        null,
                        knownAs));
    }

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {
        if (certain) {
            uses.giveBack(reservation.issuance());
        }
        sendIfPossible(
                Records.of(
                        reservation,
                        certain ? AuditRecord.Kind.FAILED : AuditRecord.Kind.UNCERTAIN,
                        settings.clock().instant(),
                        reservation.issuance().expires(),
                        took,
                        reason,
                        detail));
    }

    /// Without an outcome a reservation counts as uncertain after a restart, so this may be lost.
    private void sendIfPossible(AuditRecord record) {
        try {
            journal.send(record);
        } catch (Refusal refusal) {
            LOG.warn("not recorded: {} {}: {}", record.kind(), record.id(), refusal.detail());
        }
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        Optional<IssuanceState> state = find(issuance);
        if (state.isEmpty() || !state.get().status().isOpen()) {
            return false;
        }
        AuditRecord record = state.get().record();
        Keys.Wide key = Keys.id(issuance);
        long now = settings.clock().instant().getEpochSecond();
        long until =
                record.expires() == null ? now + 86_400 : record.expires().getEpochSecond() + 1;
        // In memory first: whoever asks sees it at once. Two who revoke at once do it once.
        switch (revoked.take(
                key.high(), key.low(), Thread.currentThread().threadId(), until, 0, now)) {
            case NEW -> {}
            case SHARED, HELD -> {
                return false;
            }
            // Entries leave when their credentials end. Whoever asked is told to ask again: what
            // could not be remembered has not been revoked.
            case FULL ->
                    throw new Refusal(
                            RefusalReason.OVERLOADED,
                            "too many revoked credentials have not ended yet",
                            RETRY);
        }
        try {
            journal.write(record.after(AuditRecord.Kind.REVOKED, at, "by " + by));
        } catch (Refusal refusal) {
            // Not durable, so whoever asked is told so and asks again.
            revoked.remove(key.high(), key.low(), now);
            throw refusal;
        }
        return true;
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        if (!issuance.startsWith("iss_")) {
            return Optional.empty();
        }
        Instant now = settings.clock().instant();
        Keys.Wide key = Keys.id(issuance);
        boolean gone = revoked.contains(key.high(), key.low(), now.getEpochSecond());
        List<AuditRecord> lines =
                index.lines(issuance, gone, record -> issuance.equals(record.id()));
        return Records.fold(lines, gone, now);
    }

    @Override
    public List<IssuanceState> list(Query query) {
        return IssuanceList.newestFirst(index.newestFirst(), query, this::find);
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        List<AuditRecord> lines =
                index.lines(receipt, false, record -> receipt.equals(record.receipt()));
        // Of an issuance's lines the last says most.
        return lines.isEmpty() ? refused.find(receipt) : Optional.of(lines.getLast());
    }

    @Override
    public void switchedOff(Set<KillSwitch> off) {
        SwitchedOff next = SwitchedOff.of(off);
        if (!next.text().equals(switches.text())) {
            // In memory first: what is taken away is gone at once, also when the disk does not
            // answer.
            switches = next;
        }
        recordSwitches();
    }

    /// Once for each change; again for as long as it could not be written.
    private void recordSwitches() {
        synchronized (recording) {
            String text = switches.text();
            if (text.equals(recordedSwitches)) {
                return;
            }
            journal.write(
                    AuditRecord.note(
                            settings.clock().instant(),
                            AuditRecord.Kind.CONFIG,
                            LedgerIndex.SWITCHES,
                            text));
            recordedSwitches = text;
        }
    }

    @Override
    public boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        return uses.otherPeer(tokenFingerprint, jtiHash, peer);
    }

    /// What the record holds of job sessions that may not be over: their own lines and those of
    /// what they were issued, in the record's order.
    public List<AuditRecord> sessionLines() {
        return index.sessionLines();
    }

    @Override
    public Map<String, Instant> lastUse() {
        return index.lastUse();
    }

    @Override
    public boolean healthy() {
        return !closed && journal.healthy();
    }

    private void anchor() {
        while (!closed) {
            LockSupport.parkNanos(ANCHOR_PERIOD);
            upkeep();
            try {
                writeAnchor();
            } catch (IOException e) {
                LOG.warn("ledger.json cannot be written: {}", e.toString());
            }
        }
    }

    /// About once a second: tells what was sampled away, and writes what could not be written when
    /// it happened.
    void upkeep() {
        sampler.ended().forEach(this::sendIfPossible);
        try {
            recordSwitches();
        } catch (Refusal refusal) {
            LOG.warn("what is switched off is in force and not recorded: {}", refusal.detail());
        }
    }

    private synchronized void writeAnchor() throws IOException {
        ChainHead head = journal.head();
        if (head.equals(anchored) || !journal.healthy()) {
            return;
        }
        Path file = journal.file();
        new Anchor(
                        head,
                        firstSeq,
                        file.getFileName().toString(),
                        Anchor.idOf(file),
                        Anchor.idOf(folder),
                        floor)
                .write(data.resolve("ledger.json"));
        Anchor.replace(
                folder.resolve("head.json"),
                "{\"ledger\":\""
                        + head.ledger()
                        + "\",\"seq\":"
                        + head.seq()
                        + ",\"hash\":\""
                        + head.hash()
                        + "\"}\n");
        anchored = head;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LockSupport.unpark(anchoring);
        journal.close();
        refused.close();
        index.close();
        try {
            writeAnchor();
        } catch (IOException e) {
            LOG.warn("ledger.json cannot be written: {}", e.toString());
        }
        lock.close();
    }
}
