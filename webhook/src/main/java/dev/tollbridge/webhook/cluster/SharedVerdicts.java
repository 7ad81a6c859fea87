package dev.tollbridge.webhook.cluster;

import dev.tollbridge.webhook.index.Entry;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.ResourceVersions;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.index.VerdictJournal;
import dev.tollbridge.webhook.stored.StoredName;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The verdicts of all replicas, as objects in the webhook's own namespace (DESIGN 14, rule 13).
///
/// What a replica sees counts at once in its own memory, and is then applied to the object: read,
/// changed, written back only if nobody else wrote in between. So two replicas that see different
/// things at once end with what both amount to, and not with what the slower one wrote. While the
/// API server is away, what was seen waits here, in front of what the object says.
public final class SharedVerdicts implements VerdictJournal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedVerdicts.class);

    private static final ResourceDefinitionContext KIND =
            new ResourceDefinitionContext.Builder()
                    .withGroup("tollbridge.dev")
                    .withVersion("v1alpha1")
                    .withPlural("secretverdicts")
                    .withKind(VerdictObject.KIND)
                    .withNamespaced(true)
                    .build();

    private static final int CONFLICT = 409;

    /// Tried again it would be refused again.
    private static final Set<Integer> INVALID = Set.of(400, 413, 422);

    private static final int MOST_TRIES = 10;
    private static final int MOST_WAITING = 50_000;
    private static final int MOST_OF_ONE = 64;
    private static final long PATIENCE_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 50;

    private final Cluster cluster;
    private final String namespace;
    private final VerdictIndex index = new VerdictIndex(this);
    private @Nullable Thread writer;

    /// What was seen here and is not in an object yet, the oldest first. Guarded by this map, which
    /// is never held while the index is asked: the index holds itself when it tells what changed.
    private final Map<StoredName, List<Observation>> waiting = new LinkedHashMap<>();

    /// The newest version of each object that was read or written: events come late.
    private final Map<String, String> versions = new HashMap<>();

    private final WatchPace<GenericKubernetesResource> pace = new WatchPace<>();
    private @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
    private volatile boolean loaded;
    private volatile String trouble = "";
    private volatile boolean closed;

    /// @param namespace the webhook's own
    public SharedVerdicts(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    public VerdictIndex index() {
        return index;
    }

    /// Begins to follow the objects, and goes on where they cannot be listed yet.
    public void start() {
        SharedIndexInformer<GenericKubernetesResource> following = objects().runnableInformer(0);
        following.addEventHandler(new Events());
        following.addEventHandler(pace);
        following.exceptionHandler((_, fault) -> {
            trouble = "secretverdicts: " + Cluster.reasonOfWatch(fault);
            LOG.warn("verdicts cannot be followed and this is tried again: {}", trouble);
            return !closed;
        });
        informer = following;
        var _ = following.start();
        writer = Thread.ofPlatform().daemon().name("verdicts").start(() -> write(following));
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            objects() {
        MixedOperation<
                        GenericKubernetesResource,
                        GenericKubernetesResourceList,
                        Resource<GenericKubernetesResource>>
                all = cluster.client().genericKubernetesResources(KIND);
        return all.inNamespace(namespace);
    }

    /// Why what the others know is not known here yet; empty: it is.
    public String unready() {
        return loaded
                ? ""
                : "the verdicts that replicas share are not known yet"
                        + (trouble.isEmpty() ? "" : ": " + trouble);
    }

    /// Handlers are told later than the store.
    private void load(SharedIndexInformer<GenericKubernetesResource> following)
            throws InterruptedException {
        while (!following.hasSynced()) {
            pause(LOOK_MILLIS);
        }
        following.getStore().list().forEach(this::learn);
        loaded = true;
    }

    /// How many verdicts others do not know yet.
    public int unwritten() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    @Override
    public void changed(StoredName name, Observation seen) {
        synchronized (waiting) {
            List<Observation> of = waiting.get(name);
            boolean tells = tells(seen);
            if (of == null) {
                if (waiting.size() >= MOST_WAITING && !tells) {
                    // To the others it stays unknown, or as bad as it was.
                    return;
                }
                of = new ArrayList<>();
                waiting.put(name, of);
            } else if (of.size() >= MOST_OF_ONE && (!tells || of.contains(seen))) {
                return;
            }
            of.add(seen);
            waiting.notifyAll();
        }
    }

    private static boolean tells(Observation seen) {
        return switch (seen) {
            case Observation.Stored stored -> !stored.verdict().clean();
            case Observation.Admitted admitted -> !admitted.verdict().clean();
            case Observation.Refused _, Observation.Deleting _, Observation.Gone _ -> false;
        };
    }

    private List<Observation> waitingFor(StoredName name) {
        synchronized (waiting) {
            return List.copyOf(waiting.getOrDefault(name, List.of()));
        }
    }

    /// @param shared what the object says
    /// @return what that and what was seen since amount to
    private @Nullable Entry now(StoredName name, @Nullable Entry shared) {
        Entry entry = shared;
        for (Observation seen : waitingFor(name)) {
            entry = Entry.after(entry, seen);
        }
        return entry;
    }

    private final class Events implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            learn(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            learn(now);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            VerdictObject.Read read = VerdictObject.read(object);
            if (read != null && isNew(object, true)) {
                index.learnt(read.name(), () -> now(read.name(), null));
            }
        }
    }

    private void learn(GenericKubernetesResource object) {
        VerdictObject.Read read = VerdictObject.read(object);
        if (read == null) {
            LOG.warn(
                    "the SecretVerdict {} is not as the webhook writes it, and is not believed",
                    object.getMetadata().getName());
        } else if (isNew(object, false)) {
            index.learnt(read.name(), () -> now(read.name(), read.entry()));
        }
    }

    private boolean isNew(GenericKubernetesResource object, boolean deleted) {
        String name = object.getMetadata().getName();
        String version = String.valueOf(object.getMetadata().getResourceVersion());
        synchronized (versions) {
            String known = versions.get(name);
            if (known != null && ResourceVersions.compare(version, known) < 0) {
                return false;
            }
            if (deleted) {
                versions.remove(name);
            } else {
                versions.put(name, version);
            }
            return true;
        }
    }

    private void write(SharedIndexInformer<GenericKubernetesResource> following) {
        try {
            load(following);
            while (!closed) {
                if (!applied(next())) {
                    pause(PATIENCE_MILLIS);
                }
            }
        } catch (InterruptedException _) {
            // It was closed.
        }
    }

    private StoredName next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            return waiting.keySet().iterator().next();
        }
    }

    /// The API server is away, or says no: there is nothing to be notified by.
    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /// @return whether the object says now what was seen
    private boolean applied(StoredName name) {
        for (int i = 0; i < MOST_TRIES; i++) {
            List<Observation> seen = waitingFor(name);
            try {
                GenericKubernetesResource present =
                        objects().withName(VerdictObject.nameOf(name)).get();
                VerdictObject.Read read = present == null ? null : VerdictObject.read(present);
                Entry before = read == null ? null : read.entry();
                Entry after = before;
                for (Observation each : seen) {
                    after = Entry.after(after, each);
                }
                GenericKubernetesResource now = put(name, present, before, after);
                boolean newest = now == null || isNew(now, false);
                done(name, seen.size());
                if (newest) {
                    Entry shared = after;
                    index.learnt(name, () -> now(name, shared));
                }
                return true;
            } catch (KubernetesClientException e) {
                if (INVALID.contains(e.getCode())) {
                    LOG.error("a verdict cannot be shared: {}", Cluster.reason(e));
                    done(name, seen.size());
                    return true;
                }
                if (e.getCode() != CONFLICT) {
                    LOG.warn(
                            "verdicts cannot be shared and this is tried again: {}",
                            Cluster.reason(e));
                    break;
                }
            }
        }
        putLast(name);
        return false;
    }

    /// What cannot be written now holds up nothing else.
    private void putLast(StoredName name) {
        synchronized (waiting) {
            List<Observation> of = waiting.remove(name);
            if (of != null) {
                waiting.put(name, of);
            }
        }
    }

    /// @return the object as it is now; null where there is none
    private @Nullable GenericKubernetesResource put(
            StoredName name,
            @Nullable GenericKubernetesResource present,
            @Nullable Entry before,
            @Nullable Entry after) {
        if (after == null) {
            if (present != null) {
                var _ = objects().resource(present).lockResourceVersion().delete();
            }
            return null;
        }
        if (Objects.equals(before, after)) {
            return present;
        }
        String version = present == null ? null : present.getMetadata().getResourceVersion();
        GenericKubernetesResource object = VerdictObject.write(name, after, namespace, version);
        return present == null
                ? objects().resource(object).create()
                : objects().resource(object).lockResourceVersion().update();
    }

    private void done(StoredName name, int many) {
        synchronized (waiting) {
            List<Observation> of = waiting.get(name);
            if (of == null) {
                return;
            }
            if (of.size() <= many) {
                waiting.remove(name);
                waiting.notifyAll();
            } else {
                waiting.put(name, new ArrayList<>(of.subList(many, of.size())));
            }
        }
    }

    /// What was seen last should not be lost with the replica that saw it.
    private void finish() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        synchronized (waiting) {
            try {
                while (!waiting.isEmpty() && System.nanoTime() < end) {
                    waiting.wait(LOOK_MILLIS);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (loaded) {
            finish();
        }
        closed = true;
        if (writer != null) {
            writer.interrupt();
        }
        pace.close();
        if (informer != null) {
            informer.stop();
        }
    }
}
