package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.cluster.Turn;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.SwitchedOff;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.kubernetes.LedgerObjects.Sort;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.session.SealedOpenings;
import dev.tollbridge.bridge.session.SessionRecord;
import dev.tollbridge.bridge.session.SessionStore;
import dev.tollbridge.bridge.signing.HandleKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger that several bridges share without a database: each issuance an object, each use of a
/// token an object, one object for what is switched off.
///
/// What a replica answers of another's issuances it asks the API server each time, so a revocation
/// or a deletion is seen as soon as that has it. The record (INTERFACE 4) stays each replica's own:
/// a {@link FileLedger} keeps the lines of what went through this one.
public final class KubernetesLedger implements Ledger {

    /// No exchange takes longer: what has no outcome then is uncertain.
    static final Duration UNCERTAIN_AFTER = Duration.ofMinutes(2);

    /// How long objects are kept after their end, in hours, to be looked at.
    private static final int KEPT_HOURS = 2;

    /// How far back collecting looks: a ledger that nobody ran for longer needs a hand.
    private static final int COLLECTED_HOURS = 24 * 8;

    private static final int PAGE = 500;
    private static final int MOST_LISTED = 20_000;
    private static final int MOST_ASKED = 1_000;

    /// An issuance changes twice or three times in its life.
    private static final int MOST_TRIES = 10;

    private static final String WHERE = "the API server could not be told of it";
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesLedger.class);

    private final FileLedger record;
    private final LedgerObjects objects;
    private final TokenUses uses;
    private final SharedState state;
    private final Turn turn;
    private final String replica;
    private final InstantSource clock;
    private final String life = UUID.randomUUID().toString();

    /// Issuances under way whose object is there already, by id.
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    private KubernetesLedger(
            FileLedger record,
            KubernetesClient client,
            String namespace,
            String replica,
            InstantSource clock) {
        this.record = record;
        this.objects = new LedgerObjects(client, namespace);
        this.uses = new TokenUses(objects, clock);
        this.state = new SharedState(objects, clock);
        this.replica = replica;
        this.clock = clock;
        this.turn = new Turn(client, namespace, "tollbridge-ledger");
    }

    /// @param record where this replica's lines go; closed with this ledger
    /// @param client of the cluster; not closed here
    /// @param namespace the bridge's own
    /// @param replica what this bridge is called, the same after a restart where there is such a
    ///   name: what its earlier life left without an outcome is uncertain
    /// @throws Refusal `ledger_unavailable` when the API server does not answer
    public static KubernetesLedger open(
            FileLedger record,
            KubernetesClient client,
            String namespace,
            String replica,
            InstantSource clock) {
        KubernetesLedger ledger = new KubernetesLedger(record, client, namespace, replica, clock);
        try {
            ledger.state.open();
            ledger.settle();
            return ledger;
        } catch (RuntimeException e) {
            ledger.turn.close();
            throw e;
        }
    }

    @Override
    public Reservation reserve(Issuance issuance, boolean durable) {
        if (closed || !state.fresh()) {
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE,
                    "the API server has not answered for more than "
                            + SharedState.WITHIN.toSeconds()
                            + "s",
                    SharedState.EVERY);
        }
        state.refuse(issuance);
        // What this replica has seen itself costs no question.
        Reservation reservation = record.reserve(issuance, false);
        try {
            uses.take(issuance);
        } catch (Refusal refusal) {
            if (refusal.reason() != RefusalReason.TOKEN_REPLAYED) {
                record.failed(reservation, refusal.reason(), refusal.detail(), true, Duration.ZERO);
            }
            throw refusal;
        }
        if (durable) {
            keep(reservation);
        }
        return reservation;
    }

    /// Before a provider is asked: what it gives must be known to have been possible.
    private void keep(Reservation reservation) {
        Issuance issuance = reservation.issuance();
        try {
            objects.create(
                    Sort.ISSUANCE,
                    IssuanceObject.of(
                            line(reservation, issuance.time(), issuance.expires(), null, null),
                            Status.RESERVED,
                            replica,
                            life));
            written.add(issuance.id());
            // A switch that was thrown meanwhile.
            state.refuse(issuance);
        } catch (Refusal refusal) {
            failed(reservation, refusal.reason(), refusal.detail(), true, Duration.ZERO);
            throw refusal;
        }
    }

    private static AuditRecord line(
            Reservation reservation,
            Instant time,
            Instant expires,
            @Nullable Duration took,
            @Nullable String detail) {
        return FileLedger.record(reservation, AuditRecord.Kind.ISSUED, time, expires, took, detail);
    }

    @Override
    public void issued(
            Reservation reservation, Instant expires, @Nullable String knownAs, Duration took) {
        String id = reservation.issuance().id();
        AuditRecord line = line(reservation, clock.instant(), expires, took, knownAs);
        if (written.remove(id)) {
            if (!objects.merge(
                    Sort.ISSUANCE,
                    IssuanceObject.name(id),
                    IssuanceObject.became(line, Status.ISSUED))) {
                throw new Refusal(
                        RefusalReason.LEDGER_UNAVAILABLE,
                        "the issuance was deleted while it was made",
                        null);
            }
        } else {
            objects.create(Sort.ISSUANCE, IssuanceObject.of(line, Status.ISSUED, replica, life));
        }
        record.issued(reservation, expires, knownAs, took);
        uses.keep(reservation.issuance());
    }

    @Override
    public void failed(
            Reservation reservation,
            RefusalReason reason,
            String detail,
            boolean certain,
            Duration took) {
        record.failed(reservation, reason, detail, certain, took);
        Issuance issuance = reservation.issuance();
        Status phase = certain ? Status.FAILED : Status.UNCERTAIN;
        // A write that was not answered may have been done all the same.
        boolean there = written.remove(issuance.id()) || reason == RefusalReason.LEDGER_UNAVAILABLE;
        tried(
                "how " + issuance.id() + " ended",
                () -> {
                    if (there) {
                        objects.merge(
                                Sort.ISSUANCE,
                                IssuanceObject.name(issuance.id()),
                                IssuanceObject.became(phase));
                    }
                    if (certain) {
                        uses.giveBack(issuance);
                    } else {
                        uses.keep(issuance);
                    }
                });
    }

    /// What cannot be told now is settled later: a reservation without an outcome counts as
    /// uncertain, a use that was not given back stays taken.
    private static void tried(String what, Runnable work) {
        try {
            work.run();
        } catch (Refusal refusal) {
            LOG.warn("{}: {}: {}", what, WHERE, refusal.detail());
        }
    }

    @Override
    public boolean revoke(String issuance, String by, Instant at) {
        if (!IssuanceObject.isId(issuance)) {
            return false;
        }
        String name = IssuanceObject.name(issuance);
        for (int i = 0; i < MOST_TRIES; i++) {
            GenericKubernetesResource object = objects.get(Sort.ISSUANCE, name);
            IssuanceState known = object == null ? null : read(object);
            if (object == null || known == null || !known.status().isOpen()) {
                return false;
            }
            String version = object.getMetadata().getResourceVersion();
            // Of several bridges that revoke it at once, one does, and says so.
            if (objects.mergeSeen(Sort.ISSUANCE, name, IssuanceObject.revoked(by, at, version))
                    != null) {
                recordRevoked(known, issuance, by, at);
                return true;
            }
        }
        throw new Refusal(
                RefusalReason.LEDGER_UNAVAILABLE, "others keep changing the issuance", null);
    }

    private void recordRevoked(IssuanceState known, String issuance, String by, Instant at) {
        if (!record.revoke(issuance, by, at)) {
            // It went through another replica: this one did the revoking, and says so.
            var _ =
                    record.trail()
                            .append(known.record().after(AuditRecord.Kind.REVOKED, at, "by " + by));
        }
    }

    @Override
    public Optional<IssuanceState> find(String issuance) {
        if (!IssuanceObject.isId(issuance)) {
            return Optional.empty();
        }
        GenericKubernetesResource object =
                objects.get(Sort.ISSUANCE, IssuanceObject.name(issuance));
        if (object != null) {
            return Optional.ofNullable(read(object));
        }
        // Failed before there was an object. One that was issued and is gone was taken away.
        return record.find(issuance).filter(state -> state.status() == Status.FAILED);
    }

    private @Nullable IssuanceState read(GenericKubernetesResource object) {
        Instant now = clock.instant();
        return IssuanceObject.read(object, now, now.minus(UNCERTAIN_AFTER));
    }

    @Override
    public List<IssuanceState> list(Query query) {
        List<IssuanceState> found = new ArrayList<>();
        for (GenericKubernetesResource object : all()) {
            IssuanceState state = read(object);
            if (state != null && wanted(state.record(), query)) {
                found.add(state);
            }
        }
        found.sort(Comparator.comparing((IssuanceState state) -> state.record().time()).reversed());
        return found.stream().limit(Math.clamp(query.limit(), 1, MOST_ASKED)).toList();
    }

    private List<GenericKubernetesResource> all() {
        List<GenericKubernetesResource> all = new ArrayList<>();
        String next = null;
        do {
            GenericKubernetesResourceList page = objects.list(Sort.ISSUANCE, PAGE, next);
            all.addAll(page.getItems());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty() && all.size() < MOST_LISTED);
        return all;
    }

    private static boolean wanted(AuditRecord record, Query query) {
        return (query.subject() == null || query.subject().equals(record.subject()))
                && (query.target() == null || query.target().equals(record.target()))
                && (query.since() == null || !record.time().isBefore(query.since()));
    }

    @Override
    public List<String> ofPod(String issuer, String podUid) {
        if (!IssuanceObject.isUid(podUid)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (GenericKubernetesResource object :
                objects.labelled(Sort.ISSUANCE, IssuanceObject.POD, podUid)) {
            IssuanceState state = read(object);
            if (state != null
                    && issuer.equals(state.record().issuer())
                    && state.record().id() != null
                    && (state.status() == Status.ISSUED || state.status() == Status.UNCERTAIN)) {
                found.add(state.record().id());
            }
        }
        return found;
    }

    @Override
    public Optional<AuditRecord> receipt(String receipt) {
        Optional<AuditRecord> own = record.receipt(receipt);
        if (own.isPresent() || !receipt.startsWith("rct_")) {
            return own;
        }
        // A receipt and its issuance share their number.
        return find("iss_" + receipt.substring("rct_".length()))
                .map(IssuanceState::record)
                .filter(found -> receipt.equals(found.receipt()));
    }

    @Override
    public void switchedOff(Set<KillSwitch> switches) {
        record.switchedOff(switches);
        state.switchOff(SwitchedOff.of(switches));
    }

    @Override
    public boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        return record.otherPeer(tokenFingerprint, jtiHash, peer);
    }

    /// Of what went through this replica.
    @Override
    public Map<String, Instant> lastUse() {
        return record.lastUse();
    }

    @Override
    public boolean healthy() {
        return !closed && state.fresh() && record.healthy();
    }

    /// Looks at what is shared. Blocks; called every {@link SharedState#EVERY}.
    public void look() {
        tried("the ledger", state::look);
    }

    /// How often {@link #look} is to be called.
    public static Duration every() {
        return SharedState.EVERY;
    }

    /// Removes what ended, and settles what has no outcome, where it is this replica's turn.
    /// Blocks; called every minute or so.
    public void collect() {
        if (!turn.isOurs()) {
            return;
        }
        tried(
                "what ended",
                () -> {
                    Instant now = clock.instant();
                    objects.deleteAll(Sort.TOKEN_USE, IssuanceObject.ENDS, hours(now, 1));
                    objects.deleteAll(Sort.ISSUANCE, IssuanceObject.ENDS, hours(now, KEPT_HOURS));
                    // Whoever ends a session removes it. These nobody ended: there was no bridge,
                    // or none with their keys.
                    objects.deleteAll(
                            Sort.JOB_SESSION, IssuanceObject.ENDS, hours(now, KEPT_HOURS));
                });
        // That took a while: whoever has the turn now goes on.
        if (turn.isOurs()) {
            tried("what has no outcome", this::settle);
        }
    }

    /// The hours of which everything ended so many hours ago or more.
    private static Set<String> hours(Instant now, int ago) {
        Set<String> hours = new LinkedHashSet<>();
        for (int i = ago; i < COLLECTED_HOURS; i++) {
            hours.add(IssuanceObject.hour(now.minus(Duration.ofHours(i))));
        }
        return hours;
    }

    /// What was reserved and has no outcome: by an earlier life of this replica, or so long ago
    /// that nobody works on it any more.
    private void settle() {
        Instant now = clock.instant();
        for (GenericKubernetesResource object : all()) {
            IssuanceState found = read(object);
            if (found == null) {
                continue;
            }
            boolean open =
                    IssuanceObject.tree(object).at("/status/phase").asText().equals("Reserved");
            boolean earlier =
                    IssuanceObject.tree(object).at("/spec/replica").asText().equals(replica)
                            && !IssuanceObject.tree(object).at("/spec/life").asText().equals(life);
            if (open && (earlier || found.status() != Status.RESERVED)) {
                objects.merge(
                        Sort.ISSUANCE,
                        object.getMetadata().getName(),
                        IssuanceObject.became(Status.UNCERTAIN));
                var _ =
                        record.trail()
                                .append(
                                        found.record()
                                                .after(
                                                        AuditRecord.Kind.UNCERTAIN,
                                                        now,
                                                        "reserved, and the bridge ended before the"
                                                                + " outcome was recorded"));
            }
        }
    }

    /// The job sessions of all bridges that share this ledger.
    ///
    /// @param key the same on all of them
    public SessionStore sessions(HandleKey key, Duration deadline) {
        return new SharedSessions(
                objects, new SealedOpenings(key), new SessionRecord(record.trail(), deadline));
    }

    /// Where the lines of this replica's record are.
    public FileLedger record() {
        return record;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        turn.close();
        record.close();
    }
}
