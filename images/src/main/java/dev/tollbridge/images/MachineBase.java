package dev.tollbridge.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A base out of this machine's own C library and the four small programs that the launcher calls:
/// enough to run and to test an image where no registry can be asked. Nothing to publish.
final class MachineBase {

    /// Where a launcher in POSIX sh finds its shell, and what it calls; `mkdir` is for the chart.
    private static final Map<String, List<String>> PROGRAMS =
            Map.of(
                    "/bin/sh", List.of("/bin/dash", "/bin/sh"),
                    "/bin/dirname", List.of("/usr/bin/dirname", "/bin/dirname"),
                    "/bin/readlink", List.of("/usr/bin/readlink", "/bin/readlink"),
                    "/bin/uname", List.of("/usr/bin/uname", "/bin/uname"),
                    "/bin/mkdir", List.of("/usr/bin/mkdir", "/bin/mkdir"));

    private static final Map<String, String> FILES =
            Map.of(
                    "/etc/passwd",
                    """
                    root:x:0:0:root:/:/sbin/nologin
                    tollbridge:x:65532:65532:tollbridge:/:/sbin/nologin
                    """,
                    "/etc/group",
                    """
                    root:x:0:
                    tollbridge:x:65532:
                    """,
                    "/etc/nsswitch.conf",
                    """
                    passwd: files
                    group: files
                    hosts: files dns
                    """);

    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");

    private MachineBase() {}

    /// Path in the image to file of this machine.
    ///
    /// @param scratch where files that are only here are written
    static Map<String, Path> files(Path runtime, Path scratch)
            throws IOException, InterruptedException {
        Map<String, Path> files = new TreeMap<>();
        List<Path> binaries = new ArrayList<>();
        for (Map.Entry<String, List<String>> program : PROGRAMS.entrySet()) {
            Path found = first(program.getValue());
            if (found == null) {
                throw new BuildFailed(
                        "a base from this machine needs "
                                + String.join(" or ", program.getValue()));
            }
            files.put(program.getKey(), found);
            binaries.add(found);
        }
        binaries.add(runtime.resolve("bin/java"));
        for (Path file : Trees.files(runtime.resolve("lib"))) {
            if (file.toString().endsWith(".so")) {
                binaries.add(file);
            }
        }
        for (String library : libraries(binaries, runtime)) {
            files.put(library, Path.of(library).toRealPath());
        }
        Files.createDirectories(scratch);
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path written = scratch.resolve(file.getKey().substring("/etc/".length()));
            Files.writeString(written, file.getValue());
            files.put(file.getKey(), written);
        }
        Path release = Path.of("/etc/os-release");
        if (Files.exists(release)) {
            // By it, scanners know whose C library this is.
            files.put("/etc/os-release", release.toRealPath());
        }
        return files;
    }

    private static @Nullable Path first(List<String> candidates) throws IOException {
        for (String candidate : candidates) {
            if (Files.isExecutable(Path.of(candidate))) {
                return Path.of(candidate).toRealPath();
            }
        }
        return null;
    }

    /// What the loader would load for them, the loader itself included.
    private static Set<String> libraries(List<Path> binaries, Path runtime)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        binaries.forEach(binary -> command.add(binary.toString()));
        Set<String> libraries = new TreeSet<>();
        Matcher matcher = LIBRARY.matcher(Commands.run(command));
        while (matcher.find()) {
            String library = matcher.group(1);
            if (!library.startsWith(runtime.toString())) {
                libraries.add(library);
            }
        }
        return libraries;
    }
}
