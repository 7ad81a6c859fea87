package dev.tollbridge.bridge.pod;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The memory-backed volume of a pod, small enough to be filled. Where this user may not mount one,
/// the kernel refuses the process's writes by another limit (`prlimit --fsize`).
final class SmallDisk implements AutoCloseable {

    private final Path folder;
    private final boolean mounted;

    SmallDisk(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.mounted =
                run("mount", "-t", "tmpfs", "-o", "size=256k", "tollbridge", folder.toString());
    }

    /// Until {@link #free}: no byte more.
    void fill(Process writer) throws IOException, InterruptedException {
        if (!mounted) {
            limit(writer, "0");
            return;
        }
        try (OutputStream filler =
                Files.newOutputStream(folder.resolve("filler"), StandardOpenOption.CREATE)) {
            byte[] page = new byte[4096];
            while (true) {
                filler.write(page);
            }
        } catch (IOException full) {
            // That was the aim.
        }
    }

    void free(Process writer) throws IOException, InterruptedException {
        if (mounted) {
            Files.delete(folder.resolve("filler"));
        } else {
            limit(writer, "unlimited");
        }
    }

    private static void limit(Process process, String bytes)
            throws IOException, InterruptedException {
        if (!run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":")) {
            throw new AssertionError("needs `mount` as root, or `prlimit` (util-linux)");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted && !run("umount", folder.toString())) {
            throw new IOException("umount " + folder);
        }
    }
}
