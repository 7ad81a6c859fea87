package dev.tollbridge.bridge.ci;

import dev.tollbridge.bridge.testing.PipelineEngine;
import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// [act](https://github.com/nektos/act), an engine for GitHub's workflows, in host mode: a job is
/// processes of this machine, with a workspace and a home of their own.
public final class Act {

    private static final Pattern OWN =
            Pattern.compile("(GITHUB|ACTIONS|RUNNER|INPUT|AWS|TOLLBRIDGE|KUBE)_?.*");

    private final Path folder;
    private final PipelineEngine engine;

    /// @param folder everything that a run writes is below it
    public Act(Path folder) throws IOException {
        this.folder = folder;
        this.engine = new PipelineEngine(repository(), folder.resolve("home"));
        for (String name : List.of("repository/.github/workflows", "home", "cache", "tmp")) {
            Files.createDirectories(folder.resolve(name));
        }
        // What GitHub would fetch at the commit that workflows name.
        Path action = Path.of("..", "ci-templates", "github").toAbsolutePath().normalize();
        Path copy = folder.resolve("tollbridge/ci-templates/github");
        try (Stream<Path> files = Files.walk(action)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(action.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
    }

    public Path repository() {
        return folder.resolve("repository");
    }

    public void workflow(String text) throws IOException {
        Files.writeString(repository().resolve(".github/workflows/deploy.yml"), text);
    }

    /// One push.
    ///
    /// @param path where programs of the job are looked for first
    /// @param environment of the job
    /// @param variables the repository's, at GitHub
    /// @param event what GitHub would say of it, as JSON
    public PipelineEngine.Ran push(
            List<Path> path,
            Map<String, String> environment,
            Map<String, String> variables,
            @Nullable Path event)
            throws IOException, InterruptedException {
        if (!Files.exists(repository().resolve(".git"))) {
            engine.commit("https://github.com/acme/payments.git");
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Tools.program("act"),
                                "push",
                                "-P",
                                "ubuntu-latest=-self-hosted",
                                "--no-cache-server",
                                "--action-cache-path",
                                folder.resolve("cache").toString(),
                                "--local-repository",
                                "https://github.com/acme/tollbridge@0123456789abcdef0123456789abcdef01234567="
                                        + folder.resolve("tollbridge")));
        if (event != null) {
            command.addAll(List.of("--eventpath", event.toString()));
        }
        environment.forEach((name, value) -> command.addAll(List.of("--env", name + "=" + value)));
        variables.forEach((name, value) -> command.addAll(List.of("--var", name + "=" + value)));
        List<Path> first = new ArrayList<>(path);
        // Its folder has Node.
        first.add(Tools.folder("gitlab-ci-local"));
        return engine.run(command, first, Map.of("TMPDIR", folder.resolve("tmp").toString()), OWN);
    }
}
