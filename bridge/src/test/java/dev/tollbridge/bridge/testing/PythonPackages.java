package dev.tollbridge.bridge.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A Python of its own with some packages, made once in `~/.cache/tollbridge`.
public final class PythonPackages {

    private PythonPackages() {}

    /// Fails, and says why, where there is no Python 3 or nothing to install from.
    ///
    /// @param name of the folder in the cache
    /// @param packages with their versions, such as `pyjwt==2.10.1`
    /// @return the interpreter
    public static Path python(String name, List<String> packages)
            throws IOException, InterruptedException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "tollbridge");
        Path home = cache.resolve(name + "-" + Integer.toHexString(packages.hashCode()));
        Path python = home.resolve("bin/python");
        Path ready = home.resolve("ready");
        Files.createDirectories(cache);
        try (FileChannel file =
                        FileChannel.open(
                                cache.resolve(name + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (lock.isValid() && !Files.exists(ready)) {
                List<String> install =
                        new ArrayList<>(
                                List.of(
                                        python.toString(),
                                        "-m",
                                        "pip",
                                        "install",
                                        "-q",
                                        "--disable-pip-version-check"));
                install.addAll(packages);
                if (!ran(List.of("python3", "-m", "venv", home.toString())) || !ran(install)) {
                    fail("needs Python 3 with venv, and a package index for " + packages);
                }
                Files.writeString(ready, "");
            }
        }
        return python;
    }

    private static boolean ran(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
