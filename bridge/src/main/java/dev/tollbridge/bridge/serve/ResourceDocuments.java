package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.config.Kind;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.resource.ClusterDocuments;
import dev.tollbridge.bridge.resource.ResourceStatus;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Documents as custom resources of a cluster.
final class ResourceDocuments implements DocumentSource {

    /// How long a start waits for the API server. Kubernetes starts the pod again after that.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ResourceDocuments.class);

    private final Path folder;
    private final InstantSource clock;
    private final ClusterDocuments documents;
    private final ResourceStatus status;

    /// @param data the data folder; Secrets are kept below it
    ResourceDocuments(
            DocumentsFrom.Cluster cluster, ClusterClients clients, Path data, InstantSource clock) {
        this.folder = data.resolve("secrets");
        this.clock = clock;
        this.documents =
                ClusterDocuments.of(
                        clients,
                        cluster.kubeconfig(),
                        cluster.namespace(),
                        EnumSet.of(Kind.TRUSTED_ISSUER, Kind.TARGET, Kind.GRANT),
                        folder,
                        clock);
        this.status = documents.status();
    }

    @Override
    public Path folder() {
        return folder;
    }

    /// A bad resource must not keep a replica from starting that runs elsewhere: it starts with
    /// what is acceptable, and says what is not.
    @Override
    public LiveRules.First first(RulesCompiler compiler) {
        documents.await(PATIENCE);
        Loaded loaded = documents.first();
        RulesCompiler.Compiled compiled = compiler.acceptablePart(loaded);
        if (compiled.acceptable()) {
            compiled.problems().forEach(problem -> LOG.warn("{}", problem));
        } else {
            LOG.error(
                    "some custom resources are refused; the start is without them and what refers"
                            + " to them:");
            compiled.problems().forEach(problem -> LOG.error("  {}", problem));
        }
        return new LiveRules.First(
                compiled.rules(), loaded.documents(), compiled.problems(), !compiled.acceptable());
    }

    @Override
    public void follow(
            ScheduledExecutorService scheduler, Executor threads, Consumer<Loaded> edited) {
        documents.follow(scheduler, threads, edited);
    }

    @Override
    public Instant lookedAt() {
        return documents.lookedAt();
    }

    @Override
    public void report(
            LiveRules live,
            JwksIssuerKeys keys,
            ScheduledExecutorService scheduler,
            Executor threads) {
        OneAtATime.repeat(() -> tell(live, keys), REPORT_EVERY, scheduler, threads);
    }

    private void tell(LiveRules live, JwksIssuerKeys keys) {
        if (!status.isOurs()) {
            return;
        }
        try {
            status.write(
                    new ResourceConditions(live.lastReading(), keys.status(), clock.instant())
                            .all());
        } catch (RuntimeException e) {
            LOG.warn("what became of resources could not be told: {}", e.toString());
        }
    }

    @Override
    public void close() {
        status.close();
        documents.close();
    }
}
