package dev.tollbridge.bridge.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Looks for secrets where none belong: files, logs, and what processes show of themselves; as they
/// are, and as they are usually encoded.
public final class Leftovers {

    private final Set<String> shapes = new LinkedHashSet<>();

    public Leftovers(List<String> secrets) {
        for (String secret : secrets) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            shapes.add(secret);
            shapes.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            shapes.add(HexFormat.of().formatHex(bytes));
            shapes.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            shapes.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        }
        assertThat(shapes).as("something to look for").isNotEmpty();
    }

    public void in(String place, String text) {
        for (String shape : shapes) {
            if (text.contains(shape)) {
                // Which one it is stays unsaid: this would be one more place.
                throw new AssertionError(place + " holds a secret");
            }
        }
    }

    /// Every file, its name and its bytes.
    public void below(Path folder) throws IOException {
        assertThat(folder).exists();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                in(file.toString(), file + Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /// Arguments and environment of everything that runs.
    public void inProcesses() {
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    for (String what : List.of("cmdline", "environ")) {
                        in(
                                "the " + what + " of process " + process.pid(),
                                read(Path.of("/proc", String.valueOf(process.pid()), what)));
                    }
                });
    }

    /// Empty where it is another user's, or has ended.
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
