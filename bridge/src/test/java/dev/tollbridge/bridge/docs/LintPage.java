package dev.tollbridge.bridge.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The page of a rule: what it is about, an example that trips it, and one that does not.
public final class LintPage {

    public static final Path FOLDER = Path.of("../docs/lint");

    private LintPage() {}

    /// The documents of a page, in order.
    public static List<String> examples(String rule) throws IOException {
        List<String> examples = new ArrayList<>();
        String[] parts = Files.readString(FOLDER.resolve(rule + ".md")).split("```");
        for (int i = 1; i < parts.length; i += 2) {
            if (parts[i].startsWith("yaml\n")) {
                examples.add(parts[i].substring("yaml\n".length()));
            }
        }
        return examples;
    }
}
