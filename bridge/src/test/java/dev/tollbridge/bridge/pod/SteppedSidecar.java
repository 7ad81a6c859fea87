package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.sidecar.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The whole sidecar in this process, as its command line starts it, by a time that a test lets
/// pass.
final class SteppedSidecar implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready url=(\\S+) health=(\\S+) in=.*\n");

    private final SteppedTime time;
    private final List<String> targets;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicInteger exit = new AtomicInteger(-1);
    private final Thread main;
    private final String url;
    private final String health;

    /// Returns when it says that it is ready.
    ///
    /// @param jitter from 0 to 1: where between half and two thirds of a life it asks again
    SteppedSidecar(SteppedTime time, double jitter, List<String> targets, List<String> arguments) {
        this.time = time;
        this.targets = List.copyOf(targets);
        List<String> all = new ArrayList<>(arguments);
        all.addAll(
                List.of(
                        "--target",
                        String.join(",", targets),
                        "--listen",
                        "127.0.0.1:0",
                        "--health",
                        "127.0.0.1:0"));
        main = Thread.ofPlatform().name("sidecar").start(() -> exit.set(run(all, jitter)));
        Eventually.is("the sidecar is ready", () -> !main.isAlive() || said(out).endsWith("\n"));
        Matcher ready = READY.matcher(said(out));
        assertThat(ready.matches()).as("said: " + said()).isTrue();
        url = ready.group(1);
        health = ready.group(2);
    }

    private int run(List<String> arguments, double jitter) {
        return Main.run(
                arguments.toArray(String[]::new),
                _ -> null,
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                time,
                steady(jitter));
    }

    /// The same each time, whichever target's turn it is.
    private static RandomGenerator steady(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("nobody asks for bits");
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    /// Lets this much time pass; everything that is due meanwhile has been done when it returns.
    void live(Duration lifetime) throws InterruptedException {
        time.pass(lifetime, targets.size());
    }

    /// Of its endpoint on loopback.
    String url() {
        return url;
    }

    String health() {
        return health;
    }

    /// All it has printed so far.
    String said() {
        return said(out) + said(err);
    }

    private static String said(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }

    /// Ends it as the end of its pod does.
    ///
    /// @return the exit code
    int end() throws InterruptedException {
        main.interrupt();
        main.join();
        return exit.get();
    }

    @Override
    public void close() {
        main.interrupt();
    }
}
