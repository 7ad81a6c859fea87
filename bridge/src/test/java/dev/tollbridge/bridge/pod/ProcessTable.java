package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tollbridge.bridge.testing.LeakCheck;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What every process of the machine shows of itself to others: its command line, and its
/// environment as far as this user may read it.
final class ProcessTable {

    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    static void to(LeakCheck leaks) throws IOException {
        if (!Files.isDirectory(PROC)) {
            // Elsewhere the JDK knows command lines and nobody's environment but ours.
            ProcessHandle.allProcesses()
                    .forEach(process ->
                            leaks.sink("process list", process.info().commandLine().orElse("")));
            leaks.sink("environment", System.getenv().toString());
            return;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                leaks.sink("process list", read(process.resolve("cmdline")));
                leaks.sink("environment", read(process.resolve("environ")));
            }
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile, or is somebody else's.
            return "";
        }
    }
}
