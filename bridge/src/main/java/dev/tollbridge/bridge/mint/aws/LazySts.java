package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the SDK when there is something to do for it: a bridge without a target of the kind never
/// does.
final class LazySts implements Sts {

    private static final Logger LOG = LoggerFactory.getLogger(LazySts.class);

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

    /// Loads the SDK on a thread of its own, once, and returns at once.
    void warmUp() {
        if (warmingUp.compareAndSet(false, true)) {
            // Of the platform and a daemon: nobody waits for it, and nothing that ends has to.
            Thread.ofPlatform().daemon().name("aws-sdk-warm-up").start(this::rehearse);
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
