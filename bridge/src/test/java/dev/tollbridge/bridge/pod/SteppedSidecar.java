package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollbridge.sidecar.Main;
import dev.tollbridge.sidecar.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.PriorityQueue;

/// The sidecar as a process whose clocks go only when a line on stdin says so: `go SECONDS`, or
/// `jump SECONDS` of the calendar alone. Each is answered by `at SECONDS` once all that was due has
/// been done.
final class SteppedSidecar implements Time {

    private final PriorityQueue<Long> sleeping = new PriorityQueue<>();
    private final int loops;
    private Instant calendar;
    private long nanos = -7_000_000_000L;

    private SteppedSidecar(Instant calendar, int loops) {
        this.calendar = calendar;
        this.loops = loops;
    }

    /// @param arguments the time it is, the number of targets, and the sidecar's own
    public static void main(String[] arguments) {
        SteppedSidecar time =
                new SteppedSidecar(Instant.parse(arguments[0]), Integer.parseInt(arguments[1]));
        Thread.ofPlatform().daemon().start(time::listen);
        System.exit(
                Main.run(
                        Arrays.copyOfRange(arguments, 2, arguments.length),
                        System::getenv,
                        System.out,
                        System.err,
                        time));
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Duration by = Duration.ofSeconds(Long.parseLong(line.split(" ")[1]));
                if (line.startsWith("go ")) {
                    go(by.toNanos());
                } else {
                    jump(by);
                }
                System.out.println("at " + line.split(" ")[1]);
                System.out.flush();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void go(long by) throws InterruptedException {
        long until = nanos + by;
        allAsleep();
        while (sleeping.element() <= until) {
            pass(Math.max(nanos, sleeping.element()));
            allAsleep();
        }
        pass(until);
    }

    private void pass(long to) {
        calendar = calendar.plusNanos(to - nanos);
        nanos = to;
        // Who wakes now does not count as asleep while it works.
        sleeping.removeIf(due -> due <= to);
        notifyAll();
    }

    private synchronized void jump(Duration by) throws InterruptedException {
        allAsleep();
        calendar = calendar.plus(by);
    }

    private void allAsleep() throws InterruptedException {
        while (sleeping.size() < loops) {
            wait();
        }
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant calendar() {
        return calendar;
    }

    @Override
    public synchronized void sleep(Duration time) throws InterruptedException {
        long due = nanos + Math.max(1, time.toNanos());
        sleeping.add(due);
        notifyAll();
        while (nanos < due) {
            wait();
        }
    }
}
