package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.kubernetes.LedgerObjects.Sort;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.session.SealedOpenings;
import dev.tollbridge.bridge.session.SessionRecord;
import dev.tollbridge.bridge.session.SessionState;
import dev.tollbridge.bridge.session.SessionStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions of all bridges of a namespace: an object each, asked for each time, so that what
/// one bridge changes or ends is so for all. Of two changes to one version the API server lets one
/// (optimistic concurrency, Kubernetes API conventions). Lines go to the record of the bridge that
/// made the change, after it.
final class SharedSessions implements SessionStore {

    /// A ConfigMap takes a minute or so to reach every pod that mounts it.
    private static final Duration RULES_LAG = Duration.ofMinutes(2);

    /// Each some kilobytes, so that a page fits easily.
    private static final int PAGE = 250;

    private static final Logger LOG = LoggerFactory.getLogger(SharedSessions.class);

    private final LedgerObjects objects;
    private final SealedOpenings seal;
    private final SessionRecord record;

    /// As of the last look at all, and what this bridge did since.
    private final AtomicInteger count = new AtomicInteger();

    private final AtomicInteger unreadable = new AtomicInteger();

    SharedSessions(LedgerObjects objects, SealedOpenings seal, SessionRecord record) {
        this.objects = objects;
        this.seal = seal;
        this.record = record;
    }

    @Override
    public @Nullable String refuses() {
        return null;
    }

    @Override
    public void open(SessionState session, AuditRecord line) {
        String write = write();
        String id = session.opening().id();
        if (!objects.create(Sort.JOB_SESSION, SessionObject.of(session, seal, write))
                && !write.equals(writeOf(objects.get(Sort.JOB_SESSION, SessionObject.name(id))))) {
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE,
                    "there is a session " + id + " already",
                    null);
        }
        count.incrementAndGet();
        record.write(line);
    }

    /// A request that was not answered may be repeated on its way, by a client or a balancer, and
    /// the API server refuses the second of two equal changes: by its name a change is known as
    /// ours.
    private static String write() {
        return UUID.randomUUID().toString();
    }

    private static String writeOf(@Nullable GenericKubernetesResource object) {
        return object == null ? "" : SessionObject.write(object);
    }

    @Override
    public @Nullable Stored find(String session) {
        if (!SessionObject.isId(session)) {
            return null;
        }
        GenericKubernetesResource object =
                objects.get(Sort.JOB_SESSION, SessionObject.name(session));
        return object == null || object.isMarkedForDeletion()
                ? null
                : SessionObject.read(object, seal);
    }

    @Override
    public @Nullable Stored replace(Stored seen, SessionState next, @Nullable AuditRecord line) {
        String write = write();
        String name = SessionObject.name(next.opening().id());
        GenericKubernetesResource now =
                objects.mergeSeen(Sort.JOB_SESSION, name, SessionObject.became(seen, next, write));
        if (now == null) {
            now = objects.get(Sort.JOB_SESSION, name);
            if (now == null || !write.equals(writeOf(now))) {
                return null;
            }
        }
        if (line != null) {
            record.write(line);
        }
        return new Stored(next, now.getMetadata().getResourceVersion());
    }

    @Override
    public void remove(Stored ended, AuditRecord line) {
        // A bridge that is killed in between leaves the line to be written twice, not never.
        record.write(line);
        objects.delete(Sort.JOB_SESSION, SessionObject.name(ended.state().opening().id()));
        count.decrementAndGet();
    }

    @Override
    public void each(Consumer<Stored> visitor) {
        int known = count.get();
        int found = 0;
        int foreign = 0;
        String next = null;
        do {
            GenericKubernetesResourceList page = objects.list(Sort.JOB_SESSION, PAGE, next);
            for (GenericKubernetesResource object : page.getItems()) {
                Stored stored = SessionObject.read(object, seal);
                if (stored == null) {
                    foreign++;
                } else {
                    found++;
                    visitor.accept(stored);
                }
            }
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        // Not set: the visitor may have removed some of them.
        count.addAndGet(found - known);
        if (unreadable.getAndSet(foreign) < foreign) {
            LOG.warn(
                    "{} job sessions cannot be opened with the keys of this bridge: do all bridges of"
                            + " the namespace have the same?",
                    foreign);
        }
    }

    @Override
    public int count() {
        return Math.max(count.get(), 0);
    }

    @Override
    public Duration rulesLag() {
        return RULES_LAG;
    }
}
