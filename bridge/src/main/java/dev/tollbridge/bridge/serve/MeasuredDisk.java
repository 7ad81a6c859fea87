package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.JournalDisk;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/// A disk whose forces are timed: how long they take is the first thing to look at when exchanges
/// are slow.
record MeasuredDisk(JournalDisk disk, BridgeMetrics metrics) implements JournalDisk {

    @Override
    public Appender open(Path file) throws IOException {
        return new MeasuredFile(disk.open(file), metrics);
    }

    private record MeasuredFile(Appender file, BridgeMetrics metrics) implements Appender {

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            int size = bytes.remaining();
            file.append(bytes);
            metrics.recorded(size);
        }

        @Override
        public void force() throws IOException {
            long started = System.nanoTime();
            file.force();
            metrics.forced(Duration.ofNanos(System.nanoTime() - started));
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
