package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people copy into their workflows passes the linters that they run on them.
@DisplayName("Workflows in files and pages")
class WorkflowLintTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir private Path folder;

    @Test
    void areCleanForActionlintAndZizmor() throws Exception {
        List<String> workflows = new ArrayList<>();
        Path place = Files.createDirectories(folder.resolve(".github/workflows"));
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(WorkflowLintTest::looksLikeOne).sorted().toList()) {
                String text = Files.readString(file);
                if (file.toString().endsWith(".md")) {
                    Matcher block = BLOCK.matcher(text);
                    while (block.find()) {
                        if (Pattern.compile("(?m)^jobs:").matcher(block.group(1)).find()) {
                            workflows.add(complete(block.group(1)));
                        }
                    }
                } else if (Pattern.compile("(?m)^jobs:").matcher(text).find()
                        && text.contains("runs-on: ubuntu")) {
                    workflows.add(text);
                }
            }
        }
        assertThat(workflows).hasSizeGreaterThanOrEqualTo(4);
        for (int i = 0; i < workflows.size(); i++) {
            Files.writeString(place.resolve("workflow-" + i + ".yml"), workflows.get(i));
        }
        List<String> files = new ArrayList<>();
        for (int i = 0; i < workflows.size(); i++) {
            files.add(place.resolve("workflow-" + i + ".yml").toString());
        }
        List<String> command =
                new ArrayList<>(List.of(Tools.program("actionlint"), "-no-color", "-shellcheck="));
        command.addAll(files);
        run(command.toArray(String[]::new));
        run(
                Tools.folder("zizmor").resolve("zizmor").toString(),
                "--offline",
                "--no-progress",
                place.toString(),
                ROOT.resolve("ci-templates/github").toString());
    }

    private static boolean looksLikeOne(Path file) {
        String name = ROOT.relativize(file).toString();
        return Files.isRegularFile(file)
                && !name.matches("(.*/)?(target|node_modules|\\.git|try)/.*")
                && (name.endsWith(".md")
                        || (name.startsWith("examples/") || name.startsWith(".github/"))
                                && name.endsWith(".yml"));
    }

    /// A page shows the jobs; the rest is as every workflow has it.
    private static String complete(String jobs) {
        String head =
                jobs.contains("\non:") || jobs.startsWith("on:")
                        ? ""
                        : "on:\n  push: {branches: [main]}\n";
        String rights =
                Pattern.compile("(?m)^permissions:").matcher(jobs).find()
                        ? ""
                        : "permissions: {}\n";
        return "name: from a page\n"
                + head
                + rights
                + "concurrency: {group: deploy, cancel-in-progress: false}\n"
                + jobs.replace("OWNER/", "acme/")
                        .replace("COMMIT_SHA", "0123456789abcdef0123456789abcdef01234567");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(Arrays.toString(command) + "\n" + said).isZero();
    }
}
