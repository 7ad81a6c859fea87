package dev.tollbridge.bridge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Programs that tests run beside the machine's own, installed once by `testing/tools/install`.
public final class Tools {

    private static final Path INSTALL =
            Path.of("..", "testing", "tools", "install").toAbsolutePath().normalize();

    private Tools() {}

    /// The folder that the tool's programs are in. Fails, and says how to fix it, where the tool
    /// cannot be installed.
    ///
    /// @param tool a folder beside the script, such as `act`
    public static Path folder(String tool) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(INSTALL.toString(), tool).start();
        Thread words =
                Thread.ofVirtual()
                        .start(() ->
                                process.errorReader(UTF_8).lines().forEach(System.err::println));
        String folder = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        words.join();
        if (process.waitFor() != 0) {
            throw new AssertionError(
                    tool + " cannot be installed: run " + INSTALL + " " + tool + " and see why");
        }
        return Path.of(folder);
    }

    /// Fails, and says where it is to be had, where the machine has no such program.
    public static void present(String program, String from) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, program))) {
                return;
            }
        }
        throw new AssertionError("this test needs " + program + ": " + from);
    }

    /// One program of a tool of its name.
    public static String program(String tool) throws IOException, InterruptedException {
        return folder(tool).resolve(tool).toString();
    }
}
