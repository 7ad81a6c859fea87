package dev.tollbridge.sidecar;

import dev.tollbridge.sidecar.handover.TargetFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
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
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tollbridge-", 0).factory());
    private final Map<String, RefreshLoop> loops = new LinkedHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    Sidecar(Settings settings, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.out = out;
        this.err = err;
    }

    int run() {
        Bridge bridge;
        try {
            bridge = new HttpBridge(settings.url(), settings.tokenFile(), trusted());
            Files.createDirectories(
                    settings.folder(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-x---")));
        } catch (IOException | GeneralSecurityException e) {
            err.println("tollbridge sidecar: " + e.getMessage());
            return USAGE;
        }
        for (String target : settings.targets()) {
            loops.put(
                    target,
                    new RefreshLoop(
                            target,
                            bridge,
                            new TargetFiles(
                                    settings.folder().resolve(target),
                                    settings.cluster(),
                                    settings.notifyFile()),
                            System::nanoTime,
                            new SecureRandom(),
                            this::say));
        }
        return settings.once() ? once() : serve(bridge);
    }

    private void say(String target, String what) {
        synchronized (err) {
            err.println(target + ": " + what);
        }
    }

    /// For Jobs that are shorter than a credential: its life is its end.
    private int once() {
        long until = System.nanoTime() + ONCE.toNanos();
        for (RefreshLoop loop : loops.values()) {
            Duration wait = loop.step();
            while (!loop.ready()) {
                if (loop.state().equals("refused") || loop.state().equals("gone")) {
                    return NO;
                }
                if (System.nanoTime() + wait.toNanos() > until) {
                    return UNAVAILABLE;
                }
                if (!sleep(wait)) {
                    return UNAVAILABLE;
                }
                wait = loop.step();
            }
        }
        return DONE;
    }

    @SuppressWarnings("try") // closed by the end of the process
    private int serve(Bridge bridge) {
        try {
            String bearer = bearer();
            Endpoint endpoint = new Endpoint(settings.listen(), loops, bearer, threads);
            Health health = new Health(settings.health(), loops.values(), threads);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> goodbye(bridge)));
            CountDownLatch first = new CountDownLatch(loops.size());
            for (RefreshLoop loop : loops.values()) {
                threads.execute(() -> keep(loop, first));
            }
            // Whatever came of them; each is bounded by its own deadline.
            first.await();
            out.printf(
                    Locale.ROOT,
                    "ready url=http://%s:%d health=http://%s:%d in=%.1fs%n",
                    settings.listen().getAddress().getHostAddress(),
                    endpoint.port(),
                    settings.health().getAddress().getHostAddress(),
                    health.address().getPort(),
                    ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
            out.flush();
            ended.await();
            return DONE;
        } catch (IOException e) {
            err.println("tollbridge sidecar: " + e.getMessage());
            return USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DONE;
        }
    }

    private void keep(RefreshLoop loop, CountDownLatch first) {
        Duration wait = loop.step();
        first.countDown();
        while (sleep(wait)) {
            try {
                wait = loop.step();
            } catch (RuntimeException e) {
                // Nothing ends the agent but its pod.
                say(loop.target(), "unexpected " + e.getClass().getSimpleName());
                wait = Duration.ofSeconds(10);
            }
        }
    }

    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Ends what was got, all at once and within {@link #GOODBYE}, and leaves no file.
    private void goodbye(Bridge bridge) {
        try (ExecutorService revoking = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> handles = new ArrayList<>();
            loops.values().forEach(loop -> handles.addAll(loop.handles()));
            CountDownLatch left = new CountDownLatch(handles.size());
            for (String handle : handles) {
                revoking.execute(() -> {
                    if (bridge.revoke(handle)) {
                        left.countDown();
                    }
                });
            }
            for (String target : settings.targets()) {
                new TargetFiles(settings.folder().resolve(target), settings.cluster(), null)
                        .of(null);
                Files.deleteIfExists(settings.folder().resolve(target));
            }
            Files.deleteIfExists(settings.folder().resolve("bearer"));
            if (!left.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                err.println("the bridge could not be told in time; what is left ends by itself");
            }
            revoking.shutdownNow();
        } catch (IOException | RuntimeException e) {
            err.println("leaving: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(DONE);
    }

    /// Made anew by each start, in memory and in a file of the pod's memory.
    private String bearer() throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String bearer = HexFormat.of().formatHex(random);
        Path file = settings.folder().resolve("bearer");
        Files.deleteIfExists(file);
        try (var channel =
                Files.newByteChannel(
                        file,
                        java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("r--r-----")))) {
            channel.write(java.nio.ByteBuffer.wrap(bearer.getBytes(StandardCharsets.US_ASCII)));
        }
        return bearer;
    }

    private @Nullable SSLSocketFactory trusted() throws IOException, GeneralSecurityException {
        Path file = settings.caFile();
        if (file == null) {
            return null;
        }
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int count = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + count++, one);
            }
        }
        if (count == 0) {
            throw new IOException("--ca-file: no certificate in " + file);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
