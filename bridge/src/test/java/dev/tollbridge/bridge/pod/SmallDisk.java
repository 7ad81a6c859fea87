package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A memory-backed file system of a few pages, as a pod's `emptyDir` with a `sizeLimit` is, which a
/// test fills to its last byte. Mounting one takes root.
final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "256k";
    private static final int PAGE = 4096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /// @param folder that is empty
    /// @return null where this user may not mount; in CI that is a failure
    static @Nullable SmallDisk mountedAt(Path folder) throws IOException {
        String problem =
                run(
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + SIZE + ",mode=0755",
                                "tollbridge-test",
                                folder.toString()));
        if (problem.isEmpty()) {
            return new SmallDisk(folder);
        }
        return Boolean.getBoolean("tollbridge.ci")
                ? fail("no small disk for this test, which takes root: " + problem)
                : null;
    }

    /// Somebody else in the pod writes until nothing more fits.
    void fill() throws IOException {
        try (OutputStream all = Files.newOutputStream(filler())) {
            byte[] page = new byte[PAGE];
            while (true) {
                all.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        assertThat(Files.size(filler())).as("there was room before").isPositive();
    }

    void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("somebody-elses.log");
    }

    @Override
    public void close() throws IOException {
        assertThat(run(List.of("umount", folder.toString()))).isEmpty();
    }

    /// @return what is wrong; empty: nothing
    private static String run(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "no program " + command.getFirst();
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            int exit = process.waitFor();
            return exit == 0 ? "" : exit + " " + said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
