package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.config.DirectoryWatch;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Documents in files of a directory.
final class FolderDocuments implements DocumentSource {

    private static final Logger LOG = LoggerFactory.getLogger(FolderDocuments.class);

    private final Path folder;
    private final ConfigDirectory directory;
    private final DirectoryWatch watch;
    private final AtomicReference<Consumer<Loaded>> edited = new AtomicReference<>(_ -> {});

    FolderDocuments(Path folder, InstantSource clock) {
        this.folder = folder;
        this.directory = new ConfigDirectory(clock);
        // Watched from before the first reading, so that no edit falls between the two.
        this.watch =
                new DirectoryWatch(folder, directory, loaded -> edited.get().accept(loaded), clock);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public LiveRules.First first(RulesCompiler compiler) {
        Loaded loaded = directory.load(folder);
        RulesCompiler.Compiled compiled = compiler.compile(loaded);
        if (!compiled.acceptable()) {
            throw InvalidConfiguration.of(compiled.problems());
        }
        compiled.problems().forEach(problem -> LOG.warn("{}", problem));
        return new LiveRules.First(
                compiled.rules(), loaded.documents(), compiled.problems(), false);
    }

    @Override
    public void follow(
            ScheduledExecutorService scheduler, Executor threads, Consumer<Loaded> changed) {
        edited.set(changed);
        watch.start(scheduler);
    }

    @Override
    public Instant lookedAt() {
        return watch.lookedAt();
    }

    @Override
    public void close() {
        watch.close();
    }
}
