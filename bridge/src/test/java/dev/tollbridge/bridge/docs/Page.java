package dev.tollbridge.bridge.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A page of documentation, read as far as the tests need it.
record Page(Path file, String text) {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", "try");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`\n]+)`");

    /// A fenced block.
    ///
    /// @param notes what HTML comments directly before it say
    /// @param language after the fence; empty: none
    record Block(List<String> notes, String language, String content) {

        /// What follows this word in a note; null: no note begins with it.
        @Nullable String note(String word) {
            for (String note : notes) {
                if (note.startsWith(word)) {
                    return note.substring(word.length()).strip();
                }
            }
            return null;
        }
    }

    static Page of(String path) {
        return read(ROOT.resolve(path));
    }

    private static Page read(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Every page of the project.
    static List<Page> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(Page::ours)
                    .sorted()
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean ours(Path file) {
        for (Path part : ROOT.relativize(file)) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    String name() {
        return ROOT.relativize(file).toString();
    }

    @Override
    public String toString() {
        return name();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        @Nullable String language = null;
        for (String line : text.lines().toList()) {
            if (language != null) {
                if (line.startsWith("```")) {
                    blocks.add(new Block(List.copyOf(notes), language, content.toString()));
                    language = null;
                    notes.clear();
                    content.setLength(0);
                } else {
                    content.append(line).append('\n');
                }
            } else if (line.startsWith("```")) {
                language = line.substring(3).strip();
            } else if (line.startsWith("<!--") && line.endsWith("-->")) {
                notes.add(line.substring(4, line.length() - 3).strip());
            } else if (!line.isBlank()) {
                notes.clear();
            }
        }
        return blocks;
    }

    /// Code in running text.
    List<String> codeSpans() {
        List<String> spans = new ArrayList<>();
        Matcher span = CODE_SPAN.matcher(withoutBlocks());
        while (span.find()) {
            spans.add(span.group(1));
        }
        return spans;
    }

    String withoutBlocks() {
        StringBuilder rest = new StringBuilder();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (!inside) {
                rest.append(line).append('\n');
            }
        }
        return rest.toString();
    }
}
