package dev.tollbridge.bridge.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.ClusterUnavailable;
import dev.tollbridge.bridge.config.DocumentForm;
import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Kind;
import dev.tollbridge.bridge.config.Loaded;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The documents of a cluster: custom resources, watched, and the labelled Secrets that they refer
/// to.
///
/// The client's informers list, watch, and list again when a watch expires or breaks. What this
/// adds is when a change is read (once several that come together have rested), and how old the
/// view may be: an API server that does not answer, or a watch that is not established, lets {@link
/// #lookedAt} stand still.
public final class ClusterDocuments implements AutoCloseable {

    /// Only Secrets with it are read. The bridge's others cannot be meant by a resource (DESIGN 14,
    /// rule 2).
    public static final String LABEL = "tollbridge.dev/configuration";

    /// How long a change has to rest: `kubectl apply` of a folder is many changes.
    static final Duration REST = Duration.ofMillis(200);

    /// After so long a change is read though others follow it.
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration PROBE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ClusterDocuments.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String namespace;
    private final InstantSource clock;
    private final KeptSecrets secrets;
    private final Map<Kind, SharedIndexInformer<GenericKubernetesResource>> documents =
            new EnumMap<>(Kind.class);
    private final SharedIndexInformer<Secret> labelled;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final List<ScheduledFuture<?>> scheduled = new ArrayList<>();
    private volatile Instant lookedAt = Instant.EPOCH;
    private long taken;
    private long seen;
    private Instant seenAt = Instant.EPOCH;
    private Instant movingSince = Instant.EPOCH;

    /// Begins to watch.
    ///
    /// @param client of the cluster; not closed here
    /// @param namespace the bridge's own
    /// @param kinds which documents
    /// @param folder where the Secrets' entries are kept as files
    public ClusterDocuments(
            KubernetesClient client,
            String namespace,
            Set<Kind> kinds,
            Path folder,
            InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
        this.secrets = new KeptSecrets(folder);
        for (Kind kind : kinds) {
            documents.put(
                    kind,
                    client.genericKubernetesResources(ResourceApi.of(kind))
                            .runnableInformer(0)
                            .addEventHandler(new Changes<>())
                            .exceptionHandler(
                                    (_, failure) -> again(ResourceApi.plural(kind), failure)));
        }
        labelled =
                client.secrets()
                        .inNamespace(namespace)
                        .withLabel(LABEL, "true")
                        .runnableInformer(0)
                        .addEventHandler(new Changes<>())
                        .exceptionHandler((_, failure) -> again("secrets", failure));
        all().forEach(SharedIndexInformer::start);
    }

    /// @param kubeconfig how the cluster is reached; null: the one the bridge runs in
    /// @throws ClusterUnavailable when that cannot be used
    public static ClusterDocuments of(
            ClusterClients clients,
            @Nullable String kubeconfig,
            String namespace,
            Set<Kind> kinds,
            Path folder,
            InstantSource clock) {
        return new ClusterDocuments(clients.reachable(kubeconfig), namespace, kinds, folder, clock);
    }

    /// Where what became of the documents is told.
    public ResourceStatus status() {
        return new ResourceStatus(client, namespace, this, clock);
    }

    private static boolean again(String what, Throwable failure) {
        LOG.warn("{} cannot be watched right now: {}", what, reason(failure));
        return true;
    }

    /// Without what the client quotes.
    static String reason(Throwable failure) {
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return reason(wrapped.getCause());
        }
        if (failure instanceof WatcherException watch && watch.getCause() != null) {
            return reason(watch.getCause());
        }
        if (failure instanceof KubernetesClientException known) {
            return known.getStatus() != null && known.getStatus().getMessage() != null
                    ? known.getStatus().getMessage()
                    : known.getCode() > 0
                            ? "status " + known.getCode()
                            : "the API server cannot be reached";
        }
        return failure.getClass().getSimpleName();
    }

    private List<SharedIndexInformer<?>> all() {
        List<SharedIndexInformer<?>> all = new ArrayList<>(documents.values());
        all.add(labelled);
        return all;
    }

    /// Counts what may change the rules: not what the bridge itself writes into `status`.
    private final class Changes<T extends HasMetadata> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T added) {
            changes.incrementAndGet();
        }

        @Override
        public void onUpdate(T before, T after) {
            boolean same =
                    before.getMetadata().getGeneration() != null
                            && Objects.equals(
                                    before.getMetadata().getGeneration(),
                                    after.getMetadata().getGeneration())
                            && Objects.equals(
                                    before.getMetadata().getUid(), after.getMetadata().getUid())
                            && before.isMarkedForDeletion() == after.isMarkedForDeletion();
            boolean untouched =
                    Objects.equals(
                            before.getMetadata().getResourceVersion(),
                            after.getMetadata().getResourceVersion());
            if (!same && !untouched) {
                changes.incrementAndGet();
            }
        }

        @Override
        public void onDelete(T deleted, boolean unknownFinalState) {
            changes.incrementAndGet();
        }
    }

    /// Waits until everything has been listed once.
    ///
    /// @throws ClusterUnavailable when that takes longer
    public void await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!watching() || !probe()) {
            if (System.nanoTime() > deadline) {
                throw new ClusterUnavailable(
                        "the custom resources could not be listed within "
                                + patience.toSeconds()
                                + "s: is the API server there, are the definitions installed, and"
                                + " may this service account list and watch them, and the Secrets"
                                + " of its namespace?");
            }
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterUnavailable("interrupted while the resources were listed");
            }
        }
    }

    private boolean synced() {
        return all().stream().allMatch(SharedIndexInformer::hasSynced);
    }

    private boolean watching() {
        return all().stream().allMatch(informer -> informer.hasSynced() && informer.isWatching());
    }

    /// What is there at the start; {@link #follow} tells of what changes after that.
    public Loaded first() {
        long now = changes.get();
        Loaded loaded = read();
        taken = now;
        seen = now;
        return loaded;
    }

    /// What is there now.
    public Loaded read() {
        secrets.keep(labelled.getStore().list());
        DocumentReader reader =
                new DocumentReader(
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                        DocumentForm.RESOURCE);
        documents.forEach((kind, informer) -> {
            for (GenericKubernetesResource resource : resources(kind)) {
                // Whoever deletes means now, not when the last finalizer is gone.
                if (!resource.isMarkedForDeletion()) {
                    reader.read(
                            ResourceApi.place(kind, resource.getMetadata().getName()),
                            text(kind, resource));
                }
            }
        });
        return reader.loaded();
    }

    /// Of one kind, by name.
    List<GenericKubernetesResource> resources(Kind kind) {
        SharedIndexInformer<GenericKubernetesResource> informer = documents.get(kind);
        return informer == null
                ? List.of()
                : informer.getStore().list().stream()
                        .sorted(Comparator.comparing(r -> r.getMetadata().getName()))
                        .toList();
    }

    Set<Kind> kinds() {
        return documents.keySet();
    }

    /// Labels and annotations are other tools' own, as large as these want them.
    private static String text(Kind kind, GenericKubernetesResource resource) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("apiVersion", resource.getApiVersion());
        document.put("kind", kind.written());
        document.put("metadata", Map.of("name", resource.getMetadata().getName()));
        document.put("spec", resource.getAdditionalProperties().get("spec"));
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was JSON is JSON", e);
        }
    }

    /// Hands on what is there whenever it has changed.
    ///
    /// @param scheduler its thread takes the changes over
    /// @param threads where asking the API server may block
    public synchronized void follow(
            ScheduledExecutorService scheduler, Executor threads, Consumer<Loaded> changed) {
        scheduled.add(
                scheduler.scheduleWithFixedDelay(
                        () -> tick(changed),
                        TICK.toMillis(),
                        TICK.toMillis(),
                        TimeUnit.MILLISECONDS));
        scheduled.add(
                scheduler.scheduleWithFixedDelay(
                        () -> {
                            if (probing.compareAndSet(false, true)) {
                                threads.execute(this::probe);
                            }
                        },
                        PROBE.toMillis(),
                        PROBE.toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    private void tick(Consumer<Loaded> changed) {
        try {
            long now = changes.get();
            if (now == taken) {
                return;
            }
            Instant time = clock.instant();
            if (now != seen) {
                if (seen == taken) {
                    movingSince = time;
                }
                seen = now;
                seenAt = time;
            }
            boolean rested = !time.isBefore(seenAt.plus(REST));
            boolean impatient = !time.isBefore(movingSince.plus(PATIENCE));
            if ((rested || impatient) && synced()) {
                changed.accept(read());
                // Only once it is in force: what could not be taken up is tried again.
                taken = now;
            }
        } catch (RuntimeException e) {
            // A scheduler drops a task that throws, and with it every later kill switch.
            LOG.error("a change of the custom resources could not be taken up", e);
        }
    }

    /// That watches are established says nothing of an API server that does not answer any more.
    private boolean probe() {
        try {
            Instant before = clock.instant();
            if (watching()
                    && client.raw(
                                    "/apis/"
                                            + ResourceApi.GROUP
                                            + "/"
                                            + ResourceApi.VERSION
                                            + "/"
                                            + ResourceApi.plural(Kind.GRANT)
                                            + "?limit=1")
                            != null
                    && watching()) {
                lookedAt = before;
                return true;
            }
            return false;
        } catch (RuntimeException e) {
            LOG.warn("the API server does not answer: {}", reason(e));
            return false;
        } finally {
            probing.set(false);
        }
    }

    /// When the view was last known to be of then.
    public Instant lookedAt() {
        return lookedAt;
    }

    @Override
    public synchronized void close() {
        scheduled.forEach(task -> task.cancel(false));
        all().forEach(SharedIndexInformer::close);
    }
}
