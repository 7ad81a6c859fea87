package dev.tollbridge.bridge.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The files under a directory, in the order of their names. Follows symbolic links as long as they
/// stay inside (Kubernetes mounts ConfigMaps that way), each directory once.
///
/// @param directories all that were looked into, by their real paths
record DirectoryListing(List<File> files, List<Path> directories, List<Trouble> troubles) {

    static final int MAX_FILES = 250_000;
    private static final int MAX_DEPTH = 16;

    /// @param name relative to the directory, with `/`
    /// @param real without symbolic links
    record File(String name, Path real) {}

    /// Something that cannot be used.
    ///
    /// @param hides whether files may be behind it that nobody has seen
    record Trouble(String file, SchemaRule rule, String message, boolean hides) {}

    static DirectoryListing of(Path directory, Predicate<String> wanted) {
        Walk walk = new Walk(wanted);
        try {
            walk.root = directory.toRealPath();
            walk.directory(walk.root, "", 0);
        } catch (IOException e) {
            walk.trouble(
                    directory.toString(),
                    SchemaRule.UNREADABLE,
                    "is not a readable directory",
                    true);
        }
        return new DirectoryListing(walk.files, walk.directories, walk.troubles);
    }

    private static final class Walk {
        private final Predicate<String> wanted;
        private final List<File> files = new ArrayList<>();
        private final List<Path> directories = new ArrayList<>();
        private final List<Trouble> troubles = new ArrayList<>();
        private final Set<Path> entered = new HashSet<>();
        private Path root = Path.of("");

        Walk(Predicate<String> wanted) {
            this.wanted = wanted;
        }

        void trouble(String file, SchemaRule rule, String message, boolean hides) {
            troubles.add(new Trouble(file, rule, message, hides));
        }

        void directory(Path directory, String prefix, int depth) throws IOException {
            if (!entered.add(directory)) {
                return;
            }
            if (depth > MAX_DEPTH) {
                trouble(prefix, SchemaRule.TOO_LARGE, "directories nested too deeply", true);
                return;
            }
            directories.add(directory);
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                for (Path entry : stream) {
                    if (!String.valueOf(entry.getFileName()).startsWith(".")) {
                        entries.add(entry);
                    }
                }
            } catch (java.nio.file.DirectoryIteratorException e) {
                throw e.getCause();
            }
            Collections.sort(entries);
            for (Path entry : entries) {
                entry(entry, prefix + entry.getFileName(), depth);
            }
        }

        private void entry(Path entry, String name, int depth) {
            boolean link = Files.isSymbolicLink(entry);
            boolean document = wanted.test(name);
            try {
                Path real = entry.toRealPath();
                if (!real.startsWith(root)) {
                    if (document || Files.isDirectory(real)) {
                        trouble(
                                name,
                                SchemaRule.SYMLINK_LEAVES_DIRECTORY,
                                "is a symbolic link that leaves the configuration directory",
                                false);
                    }
                } else if (Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
                    directory(real, name + "/", depth + 1);
                } else if (document && !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                    // A pipe would make whoever opens it wait.
                    trouble(name, SchemaRule.UNREADABLE, "is not a regular file", false);
                } else if (document) {
                    file(name, real);
                }
            } catch (IOException e) {
                if (document || !link) {
                    trouble(
                            name,
                            SchemaRule.UNREADABLE,
                            link ? "is a symbolic link to nothing" : "cannot be read",
                            !document);
                }
            }
        }

        private void file(String name, Path real) {
            if (files.size() < MAX_FILES) {
                files.add(new File(name, real));
            } else if (files.size() == MAX_FILES && troubles.stream().noneMatch(Trouble::hides)) {
                trouble(name, SchemaRule.TOO_LARGE, "more than " + MAX_FILES + " files", true);
            }
        }
    }
}
