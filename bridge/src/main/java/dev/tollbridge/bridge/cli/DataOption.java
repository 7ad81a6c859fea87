package dev.tollbridge.bridge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data DIR`: the folder of a bridge that has been started at least once.
final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:TOLLBRIDGE_DATA}",
            description = "The bridge's data folder. Also TOLLBRIDGE_DATA.")
    private @Nullable Path data;

    /// As given; null: not at all.
    @Nullable Path given() {
        return data == null || data.toString().isEmpty() ? null : data;
    }

    /// @param part what has to be in it
    /// @throws CommandFailure when it is not given, or holds no such part
    Path with(String part) {
        Path folder = given();
        if (folder == null) {
            throw CommandFailure.usage("--data is missing; give it, or set TOLLBRIDGE_DATA");
        }
        if (!Files.isDirectory(folder.resolve(part))) {
            throw CommandFailure.usage(
                    "--data: "
                            + folder
                            + " is no data folder of a bridge (there is no folder '"
                            + part
                            + "' in it)");
        }
        return folder;
    }
}
