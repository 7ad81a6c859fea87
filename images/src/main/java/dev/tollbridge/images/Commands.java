package dev.tollbridge.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Programs of this machine that the build runs.
final class Commands {

    private Commands() {}

    /// What it printed.
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new BuildFailed(String.join(" ", command) + " failed:\n" + printed.strip());
        }
        return printed;
    }
}
