package dev.tollbridge.bridge.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that a configuration directory has changed and reads it again.
///
/// The operating system's notices make it quick; a look at every file's name, size, time and
/// identity every {@link #INTERVAL} makes it certain (notices are missing on network file systems).
/// A change is read when the directory looked the same on two ticks in a row and still does after
/// reading: an editor that is half way through is not taken for somebody who deletes.
public final class DirectoryWatch implements AutoCloseable {

    /// Between two looks when there was no notice.
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    /// Between two ticks; how long a change has to rest.
    public static final Duration TICK = Duration.ofMillis(100);

    /// After so long a change is read though it does not rest: a file that always changes must not
    /// keep a kill switch from being seen.
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private final Path directory;
    private final ConfigDirectory reader;
    private final Consumer<Loaded> changed;
    private final InstantSource clock;
    private final @Nullable WatchService notices;
    private final Set<Path> noticed = new HashSet<>();
    private @Nullable ScheduledFuture<?> ticking;
    private Map<String, State> current;
    private @Nullable Map<String, State> moving;
    private Instant movingSince;
    private Instant nextLook;
    private volatile Instant lookedAt;

    /// What a file looks like from outside.
    private record State(Path real, long size, FileTime modified, @Nullable Object identity) {}

    /// Takes the directory as it is now for what the caller has read, or is about to read:
    /// construct the watch first, read then.
    ///
    /// @param changed called with each new reading, on the thread that calls {@link #tick()}
    public DirectoryWatch(
            Path directory, ConfigDirectory reader, Consumer<Loaded> changed, InstantSource clock) {
        this.directory = directory;
        this.reader = reader;
        this.changed = changed;
        this.clock = clock;
        this.notices = notices(directory);
        this.current = look();
        this.movingSince = clock.instant();
        this.lookedAt = movingSince;
        this.nextLook = movingSince.plus(INTERVAL);
    }

    private static @Nullable WatchService notices(Path directory) {
        try {
            return directory.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            // Out of inotify instances: the regular look is enough.
            return null;
        }
    }

    /// Calls {@link #tick()} every {@link #TICK} until closed.
    public synchronized void start(ScheduledExecutorService scheduler) {
        ticking =
                scheduler.scheduleWithFixedDelay(
                        this::tickOn, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tickOn() {
        try {
            tick();
            lookedAt = clock.instant();
        } catch (RuntimeException e) {
            // A scheduler drops a task that throws, and with it every later kill switch.
            LOG.error("a change of the configuration could not be taken up", e);
        }
    }

    /// Looks once. Cheap when nothing happened.
    public synchronized void tick() {
        boolean notice = drain();
        Instant now = clock.instant();
        if (!notice && moving == null && now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(INTERVAL);
        Map<String, State> seen = look();
        if (seen.equals(current)) {
            moving = null;
            return;
        }
        if (moving == null) {
            movingSince = now;
        }
        boolean patient = now.isBefore(movingSince.plus(PATIENCE));
        if (patient && !seen.equals(moving)) {
            moving = seen;
            return;
        }
        Loaded loaded = reader.load(directory);
        if (patient && !look().equals(seen)) {
            moving = seen;
            return;
        }
        // Taken for seen only once it is in force: what could not be taken up is tried again.
        changed.accept(loaded);
        current = seen;
        moving = null;
    }

    /// When the directory was last looked at and found as it is in force, or taken over.
    public Instant lookedAt() {
        return lookedAt;
    }

    private boolean drain() {
        if (notices == null) {
            return false;
        }
        boolean any = false;
        try {
            for (WatchKey key = notices.poll(); key != null; key = notices.poll()) {
                any |= !key.pollEvents().isEmpty();
                if (!key.reset() && key.watchable() instanceof Path gone) {
                    noticed.remove(gone);
                    any = true;
                }
            }
        } catch (ClosedWatchServiceException e) {
            return false;
        }
        return any;
    }

    /// Every file, not only documents: key sets beside them are configuration too.
    private Map<String, State> look() {
        DirectoryListing listing = DirectoryListing.of(directory, name -> true);
        listen(listing.directories());
        Map<String, State> files = new TreeMap<>();
        for (DirectoryListing.File file : listing.files()) {
            try {
                BasicFileAttributes found =
                        Files.readAttributes(file.real(), BasicFileAttributes.class);
                files.put(
                        file.name(),
                        new State(
                                file.real(),
                                found.size(),
                                found.lastModifiedTime(),
                                found.fileKey()));
            } catch (IOException e) {
                // Gone since it was listed, or unreadable: its absence is what there is to see.
            }
        }
        for (DirectoryListing.Trouble trouble : listing.troubles()) {
            files.put(
                    "! " + trouble.file() + " " + trouble.rule(),
                    new State(directory, 0, FileTime.fromMillis(0), null));
        }
        return files;
    }

    private void listen(List<Path> directories) {
        if (notices == null) {
            return;
        }
        for (Path found : directories) {
            if (noticed.add(found)) {
                try {
                    found.register(
                            notices,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
                } catch (IOException | ClosedWatchServiceException e) {
                    noticed.remove(found);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        if (notices != null) {
            try {
                notices.close();
            } catch (IOException e) {
                // Nothing is lost: it only gave notices.
            }
        }
    }
}
