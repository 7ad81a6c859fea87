package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.metrics.BridgeMetrics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listening socket shared by several event loops, and what they share: bounds, routes, the
/// threads that may block.
final class Listener implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final long START_SECONDS = 30;

    private final Logger log = LoggerFactory.getLogger(Listener.class);
    private final EventLoops loops;
    private final int instances;
    private final ListenerSettings settings;
    private final ServerLimits limits;
    private final Routes routes;
    private final Rejections rejections;
    private final BridgeMetrics metrics;
    private final ExecutorService workers;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final List<EventLoop> started = Collections.synchronizedList(new ArrayList<>());
    private final @Nullable TlsSettings tls;
    private volatile boolean draining;
    private volatile @Nullable String deployment;

    /// @param name of the threads that work
    Listener(
            String name,
            EventLoops loops,
            int instances,
            ListenerSettings settings,
            ServerLimits limits,
            Routes routes,
            Rejections rejections,
            BridgeMetrics metrics) {
        this.loops = loops;
        this.instances = instances;
        this.settings = settings;
        this.limits = limits;
        this.routes = routes;
        this.rejections = rejections;
        this.metrics = metrics;
        this.tls = settings.tls() == null ? null : new TlsSettings(settings.tls());
        this.workers =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name(name + "-", 0).factory());
    }

    void start() {
        List<String> problems = settings.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        TlsSettings secured = tls;
        if (secured != null) {
            secured.check();
        }
        try {
            deployment =
                    Waiting.forIt(
                            loops.vertx()
                                    .deployVerticle(
                                            this::eventLoop,
                                            new DeploymentOptions().setInstances(instances)),
                            START_SECONDS,
                            TimeUnit.SECONDS);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UncheckedIOException(
                    new IOException(
                            "cannot listen on "
                                    + settings.address().host()
                                    + ":"
                                    + settings.address().port()
                                    + ": "
                                    + cause.getMessage(),
                            cause));
        }
        if (secured != null) {
            secured.watch(loops.vertx(), this::anyServer, workers);
        }
    }

    private EventLoop eventLoop() {
        EventLoop loop = new EventLoop(this);
        started.add(loop);
        return loop;
    }

    private HttpServer anyServer() {
        return started.getFirst().server();
    }

    HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(settings.address().host())
                        .setPort(settings.address().port())
                        .setAcceptBacklog(BACKLOG)
                        .setTcpNoDelay(true)
                        .setMaxInitialLineLength(limits.maxRequestLine())
                        .setMaxHeaderSize(limits.maxHeaderBytes())
                        .setCompressionSupported(false)
                        .setDecompressionSupported(false)
                        .setHttp2ClearTextEnabled(false)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setMaxConcurrentStreams(limits.maxStreams())
                                        .setMaxHeaderListSize(limits.maxHeaderBytes())
                                        .setInitialWindowSize(65_535)
                                        .setPushEnabled(false))
                        .setHttp2RstFloodMaxRstFramePerWindow(100)
                        .setHttp2RstFloodWindowDuration(10);
        if (tls != null) {
            tls.apply(options);
        }
        return options;
    }

    /// With port 0 each instance would get a port of its own; this way they share a free one.
    SocketAddress address() {
        String host = settings.address().host();
        int port = settings.address().port();
        return port == 0
                ? SocketAddress.sharedRandomPort(1, host)
                : SocketAddress.inetSocketAddress(port, host);
    }

    int port() {
        return anyServer().actualPort();
    }

    String url() {
        return (tls == null ? "http://" : "https://") + settings.address().authority(port());
    }

    long sweepMillis() {
        long shortest =
                Math.min(
                        Math.min(limits.requestDeadline().toMillis(), limits.idle().toMillis()),
                        limits.answerDeadline().toMillis());
        return Math.clamp(shortest / 4, 20, 1000);
    }

    ListenerSettings settings() {
        return settings;
    }

    ServerLimits limits() {
        return limits;
    }

    Routes routes() {
        return routes;
    }

    Rejections rejections() {
        return rejections;
    }

    Logger log() {
        return log;
    }

    boolean draining() {
        return draining;
    }

    /// @return whether there are now more than there should be
    boolean connectionOpened() {
        return open.incrementAndGet() > limits.maxConnections();
    }

    void connectionClosed() {
        open.decrementAndGet();
    }

    int openConnections() {
        return open.get();
    }

    int inFlight() {
        return inFlight.get();
    }

    boolean admitWork() {
        if (inFlight.incrementAndGet() > limits.maxInFlight()) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    void workEnded() {
        inFlight.decrementAndGet();
    }

    void execute(Runnable work) {
        workers.execute(work);
    }

    void turnedAway(String cause) {
        metrics.turnedAway(cause);
    }

    @Override
    public void close() {
        if (draining) {
            return;
        }
        draining = true;
        if (tls != null) {
            tls.close();
        }
        List<Future<Void>> shutdowns = new ArrayList<>();
        for (EventLoop loop : List.copyOf(started)) {
            shutdowns.add(loop.server().shutdown(limits.drain()));
        }
        long bound = limits.drain().toMillis() + 2000;
        try {
            Waiting.forIt(Future.join(shutdowns), bound, TimeUnit.MILLISECONDS);
            String deployed = deployment;
            if (deployed != null) {
                Waiting.forIt(loops.vertx().undeploy(deployed), bound, TimeUnit.MILLISECONDS);
            }
        } catch (CompletionException e) {
            log.warn("the listener did not close in order: {}", Failures.describe(e));
        }
        workers.shutdown();
    }
}
