package dev.tollbridge.sidecar;

import dev.tollbridge.sidecar.handover.BearerFile;
import dev.tollbridge.sidecar.handover.TargetFiles;
import dev.tollbridge.sidecar.handover.TargetFiles.LocalEndpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The sidecar, wired: one loop per target, the endpoint, health, and the end.
final class Sidecar {

    private static final int DONE = 0;
    private static final int NO = 1;
    private static final int USAGE = 2;
    private static final int UNAVAILABLE = 3;

    /// Kubernetes waits longer, but what a pod held should end with it.
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Duration ONCE = Duration.ofSeconds(60);

    private final Settings settings;
    private final PrintStream out;
    private final PrintStream err;
    private final Time time;
    private final RandomGenerator jitter;
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tollbridge-", 0).factory());
    private final Map<String, RefreshLoop> loops = new LinkedHashMap<>();

    /// @param jitter of when to ask again; decides nothing that has to be a secret
    Sidecar(
            Settings settings,
            PrintStream out,
            PrintStream err,
            Time time,
            RandomGenerator jitter) {
        this.settings = settings;
        this.out = out;
        this.err = err;
        this.time = time;
        this.jitter = jitter;
    }

    int run() {
        Bridge bridge;
        try {
            Path file = settings.caFile();
            Authorities authorities = file == null ? null : new Authorities(file);
            if (authorities != null) {
                // What is wrong from the beginning is said at once.
                var _ = authorities.sockets();
            }
            bridge = new HttpBridge(settings.url(), settings.tokenFile(), authorities);
            Files.createDirectories(
                    settings.folder(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-x---")));
        } catch (IOException e) {
            err.println("tollbridge sidecar: " + e.getMessage());
            return USAGE;
        }
        return settings.once() ? once(bridge) : serve(bridge);
    }

    private void say(String target, String what) {
        synchronized (err) {
            err.println(target + ": " + what);
        }
    }

    private TargetFiles files(String target, @Nullable LocalEndpoint endpoint) {
        return new TargetFiles(
                settings.folder().resolve(target),
                settings.cluster(),
                settings.notifyFile(),
                endpoint);
    }

    private void loop(String target, Bridge bridge, Handover handover) {
        loops.put(target, new RefreshLoop(target, bridge, handover, time, jitter, this::say));
    }

    /// For Jobs that are shorter than a credential: its life is its end.
    private int once(Bridge bridge) {
        settings.targets().forEach(target -> loop(target, bridge, files(target, null)));
        long until = time.nanos() + ONCE.toNanos();
        for (RefreshLoop loop : loops.values()) {
            Duration wait = loop.step();
            while (!loop.ready()) {
                if (loop.state().equals("refused") || loop.state().equals("gone")) {
                    return NO;
                }
                if (time.nanos() + wait.toNanos() > until || !sleep(wait)) {
                    return UNAVAILABLE;
                }
                wait = loop.step();
            }
        }
        return DONE;
    }

    private int serve(Bridge bridge) {
        BearerFile bearer = new BearerFile(settings.folder().resolve("bearer"), random);
        try (Endpoint endpoint = new Endpoint(settings.listen(), bearer.bearer(), threads)) {
            String url = "http://" + address(settings.listen(), endpoint.port());
            LocalEndpoint local = new LocalEndpoint(url, bearer.file());
            for (String target : settings.targets()) {
                loop(target, bridge, new WithBearer(files(target, local), bearer));
            }
            try {
                bearer.ensure();
            } catch (IOException e) {
                err.println("bearer: cannot be written: " + e.getMessage());
            }
            try (Health health = new Health(settings.health(), loops.values(), threads)) {
                endpoint.serve(loops);
                live(bridge, bearer, url, health.address().getPort());
            }
            return DONE;
        } catch (IOException e) {
            err.println("tollbridge sidecar: " + e.getMessage());
            return USAGE;
        }
    }

    /// Until SIGTERM; or until the thread is interrupted, which is how it ends where the process is
    /// not its own.
    private void live(Bridge bridge, BearerFile bearer, String url, int healthPort) {
        Map<RefreshLoop, Thread> keepers = new LinkedHashMap<>();
        CountDownLatch first = new CountDownLatch(loops.size());
        for (RefreshLoop loop : loops.values()) {
            keepers.put(loop, Thread.ofVirtual().unstarted(() -> keep(loop, first)));
        }
        Thread atTheEnd =
                new Thread(() -> {
                    goodbye(bridge, keepers, bearer);
                    Runtime.getRuntime().halt(DONE);
                });
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        keepers.values().forEach(Thread::start);
        try {
            // Whatever came of them; each is bounded by its own deadline.
            first.await();
            out.printf(
                    Locale.ROOT,
                    "ready url=%s health=http://%s in=%.1fs%n",
                    url,
                    address(settings.health(), healthPort),
                    secondsSinceStart());
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
            goodbye(bridge, keepers, bearer);
            Thread.currentThread().interrupt();
        }
    }

    /// Of the process, for people; the JVM's own answer would take a module for it.
    private static double secondsSinceStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private static String address(InetSocketAddress asked, int port) {
        String host = asked.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// The bearer lies where credentials lie, and is as little there on a full disk.
    private record WithBearer(TargetFiles files, BearerFile bearer) implements Handover {
        @Override
        public void of(@Nullable Credential credential) throws IOException {
            if (credential != null) {
                bearer.ensure();
            }
            files.of(credential);
        }

        @Override
        public @Nullable Left takeOver() {
            return files.takeOver();
        }
    }

    private void keep(RefreshLoop loop, CountDownLatch first) {
        Duration wait = loop.step();
        first.countDown();
        while (!loop.ended() && sleep(wait)) {
            try {
                wait = loop.step();
            } catch (RuntimeException e) {
                // Nothing ends the agent but its pod.
                say(loop.target(), "unexpected " + e.getClass().getSimpleName());
                wait = Duration.ofSeconds(10);
            }
        }
    }

    private boolean sleep(Duration wait) {
        try {
            time.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Ends what was got, all at once and within {@link #GOODBYE}, and leaves no file. What is
    /// being asked for just now is ended when its answer comes.
    private void goodbye(Bridge bridge, Map<RefreshLoop, Thread> keepers, BearerFile bearer) {
        long until = System.nanoTime() + GOODBYE.toNanos();
        try {
            List<String> handles = new ArrayList<>();
            loops.values().forEach(loop -> handles.addAll(loop.end()));
            CountDownLatch left = new CountDownLatch(handles.size());
            for (String handle : handles) {
                Thread.ofVirtual()
                        .start(() -> {
                            if (bridge.revoke(handle)) {
                                left.countDown();
                            }
                        });
            }
            bearer.remove();
            for (String target : settings.targets()) {
                Files.deleteIfExists(settings.folder().resolve(target));
            }
            for (Map.Entry<RefreshLoop, Thread> keeper : keepers.entrySet()) {
                if (keeper.getKey().asking()) {
                    var _ = keeper.getValue().join(leftOf(until));
                }
            }
            if (!left.await(leftOf(until).toNanos(), TimeUnit.NANOSECONDS)) {
                err.println("the bridge could not be told in time; what is left ends by itself");
            }
            keepers.values().forEach(Thread::interrupt);
        } catch (IOException | RuntimeException e) {
            err.println("leaving: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration leftOf(long until) {
        return Duration.ofNanos(Math.max(1, until - System.nanoTime()));
    }
}
