package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.sidecar.Main;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A sidecar as a process of its own, from the classes as they are built.
final class PodProcess implements AutoCloseable {

    private static final Pattern READY =
            Pattern.compile("ready url=(\\S+) health=(\\S+) in=[0-9.]+s");

    private final Process process;
    private final Path err;
    private String url = "";
    private String health = "";
    private String said = "";

    private PodProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /// @param scratch where its log goes
    static PodProcess start(Path scratch, List<String> arguments)
            throws IOException, URISyntaxException {
        Path classes =
                Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx24m",
                                "-cp",
                                classes.toString(),
                                Main.class.getName()));
        command.addAll(arguments);
        Path err = Files.createTempFile(scratch, "err", "");
        return new PodProcess(new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    /// Waits until it says that it is ready.
    PodProcess ready() throws IOException {
        String line = process.inputReader(UTF_8).readLine();
        said = String.valueOf(line);
        Matcher ready = READY.matcher(said);
        assertThat(ready.matches()).as("said: " + said).isTrue();
        url = ready.group(1);
        health = ready.group(2);
        return this;
    }

    /// Of its endpoint on loopback.
    String url() {
        return url;
    }

    String health() {
        return health;
    }

    /// All it has printed so far.
    String said() throws IOException {
        return said + "\n" + Files.readString(err);
    }

    /// As kubelet ends a pod.
    ///
    /// @return the exit code
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /// As the kernel does when memory is short.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
