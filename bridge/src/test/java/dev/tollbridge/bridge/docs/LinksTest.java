package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Links inside the project lead somewhere, and every page under `docs` can be reached.
final class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    private record Link(Page from, String to) {
        String path() {
            int hash = to.indexOf('#');
            return hash < 0 ? to : to.substring(0, hash);
        }

        String anchor() {
            int hash = to.indexOf('#');
            return hash < 0 ? "" : to.substring(hash + 1);
        }

        Path target() {
            return path().isEmpty() ? from.file() : from.file().resolveSibling(path()).normalize();
        }
    }

    @Test
    void everyInternalLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Link link : links()) {
            if (!Files.exists(link.target())) {
                broken.add(link.from() + ": " + link.to());
            } else if (!link.anchor().isEmpty()
                    && !anchors(link.target()).contains(link.anchor())) {
                broken.add(link.from() + ": " + link.to() + " (no such heading)");
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageUnderDocsIsLinkedFromAnother() {
        Set<Path> reached = links().stream().map(Link::target).collect(Collectors.toSet());
        assertThat(Page.all())
                .filteredOn(page -> page.name().startsWith("docs/"))
                .filteredOn(page -> !reached.contains(page.file()))
                .isEmpty();
    }

    @Test
    void everyTestThatTheThreatModelNamesExists() throws IOException {
        Set<String> sources;
        try (Stream<Path> files = Files.walk(Page.ROOT.resolve("bridge/src/test/java"))) {
            sources = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
        assertThat(Page.of("docs/threat-model.md").codeSpans())
                .filteredOn(span -> span.matches("[A-Z][A-Za-z]+(Test|Contract)"))
                .isNotEmpty()
                .allMatch(test -> sources.contains(test + ".java"));
    }

    private static List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (Page page : Page.all()) {
            Matcher link = LINK.matcher(page.withoutBlocks());
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*")) {
                    links.add(new Link(page, link.group(1)));
                }
            }
        }
        return links;
    }

    /// As GitHub makes them of headings.
    private static List<String> anchors(Path file) {
        return Page.all().stream()
                .filter(page -> page.file().equals(file))
                .flatMap(page -> page.withoutBlocks().lines())
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ *", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }
}
