package dev.tollbridge.webhook.cluster;

import dev.tollbridge.webhook.cluster.Leadership.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A replica in a process of its own, so that it can be killed: says `leads` once it does.
final class LeaseHolder {

    static final Timing TIMING =
            new Timing(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));

    private LeaseHolder() {}

    public static void main(String[] arguments) {
        Cluster cluster = Cluster.connect(Path.of(arguments[0]));
        Leadership leadership = new Leadership(cluster, arguments[1], "to-be-killed", TIMING);
        leadership.start();
        while (!leadership.leads()) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        System.out.println("leads");
        while (leadership.leads()) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
