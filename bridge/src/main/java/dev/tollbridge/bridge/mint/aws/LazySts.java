package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the SDK when there is something to do for it: a bridge without a target of the kind never
/// does.
final class LazySts implements Sts {

    private static final Logger LOG = LoggerFactory.getLogger(LazySts.class);

    /// Several times what it takes on an idle machine.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Fetcher fetcher;
    private final AllowedEndpoints endpoints;
    private final AtomicBoolean warmingUp = new AtomicBoolean();

    /// Loaded with the SDK by the first who calls; a class is initialised once.
    private volatile Sts loaded = this::load;

    LazySts(Fetcher fetcher, AllowedEndpoints endpoints) {
        this.fetcher = fetcher;
        this.endpoints = endpoints;
    }

    @Override
    public RoleSession assumeRole(RoleRequest request) throws MintFailure, KeyNotKnown {
        return loaded.assumeRole(request);
    }

    private RoleSession load(RoleRequest request) throws MintFailure, KeyNotKnown {
        return sdk().assumeRole(request);
    }

    private synchronized Sts sdk() {
        if (!(loaded instanceof SdkSts)) {
            loaded = new SdkSts(fetcher, endpoints);
        }
        return loaded;
    }

    /// Loads the SDK, once, and waits for that, {@link #PATIENCE} at most: a bridge that is asked
    /// for keys the moment it is ready would otherwise spend on it most of the two seconds that
    /// AWS's own SDKs wait.
    void warmUp() {
        if (!warmingUp.compareAndSet(false, true)) {
            return;
        }
        // Of the platform and a daemon: what takes longer goes on, and nothing that ends has to
        // wait for it.
        Thread loading = Thread.ofPlatform().daemon().name("aws-sdk-warm-up").start(this::rehearse);
        try {
            loading.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rehearse() {
        try {
            sdk();
            Rehearsal.run();
        } catch (RuntimeException | LinkageError e) {
            // The first exchange will find the same, and say so to somebody.
            LOG.warn("the AWS SDK could not be loaded: {}", e.getClass().getSimpleName());
        }
    }
}
