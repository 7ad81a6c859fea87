package dev.tollbridge.webhook.scan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the files under a path. Links are not followed: what they point at is scanned where it
/// lies, or was not asked for. What cannot be read is listed.
final class TreeWalk {

    private final Consumer<NotInspected> notInspected;

    TreeWalk(Consumer<NotInspected> notInspected) {
        this.notInspected = notInspected;
    }

    /// @param root is followed if it is itself a link: it was named
    void files(Path root, Consumer<Path> sink) {
        try {
            Path start = Files.isSymbolicLink(root) ? root.toRealPath() : root;
            Files.walkFileTree(start, new Visitor(sink));
        } catch (IOException e) {
            notInspected.accept(unreadable(root));
        }
    }

    static NotInspected unreadable(Path path) {
        return new NotInspected(name(path), "", "cannot be read");
    }

    static String name(Path path) {
        String name = path.toString().replace('\\', '/');
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private final class Visitor implements FileVisitor<Path> {

        private final Consumer<Path> sink;

        Visitor(Consumer<Path> sink) {
            this.sink = sink;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            // Git's objects are compressed one by one: history is the business of history scanners.
            boolean objects =
                    folder.endsWith("objects")
                            && folder.getParent() != null
                            && folder.getParent().endsWith(".git");
            return objects ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && attributes.size() > 0) {
                sink.accept(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) {
            notInspected.accept(unreadable(file));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) {
            if (problem != null) {
                notInspected.accept(unreadable(folder));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
