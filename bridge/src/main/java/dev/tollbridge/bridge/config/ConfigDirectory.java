package dev.tollbridge.bridge.config;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Reads a directory of documents.
public final class ConfigDirectory {

    private final InstantSource clock;

    /// @param clock today's UTC date bounds the end of exemptions
    public ConfigDirectory(InstantSource clock) {
        this.clock = clock;
    }

    /// Reads `*.yaml`, `*.yml` and `*.json` under the directory, recursively. Never throws because
    /// of what is there: whatever is wrong becomes a problem.
    public Loaded load(Path directory) {
        return new DocumentReader(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)).loaded();
    }
}
