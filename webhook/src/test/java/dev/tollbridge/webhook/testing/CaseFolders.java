package dev.tollbridge.webhook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// `webhook/src/test/resources/<kind>/<case>/`.
public final class CaseFolders {

    private CaseFolders() {}

    public static List<Path> of(String kind) {
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources", kind))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path folder, String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static boolean has(Path folder, String name) {
        return Files.exists(folder.resolve(name));
    }
}
