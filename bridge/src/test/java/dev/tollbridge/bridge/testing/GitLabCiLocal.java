package dev.tollbridge.bridge.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// [gitlab-ci-local](https://github.com/firecow/gitlab-ci-local), an engine for GitLab's pipelines,
/// with its shell executor, in a project that has the component.
public final class GitLabCiLocal {

    private static final Pattern OWN =
            Pattern.compile("(CI|GITLAB|AWS|TOLLBRIDGE|CLOUDSDK|GOOGLE)(_.*)?");

    private final Path folder;
    private final List<Path> path;
    private final PipelineEngine engine;

    /// @param folder everything that a run writes is below it
    /// @param path where programs of the job are looked for first
    /// @param pipeline the project's `.gitlab-ci.yml`
    /// @param files the project's others, by name
    public GitLabCiLocal(Path folder, List<Path> path, String pipeline, Map<String, String> files)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.path = path;
        for (String name : List.of("project/templates", "home", "tmp")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.writeString(project().resolve(".gitlab-ci.yml"), pipeline);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(project().resolve(file.getKey()), file.getValue());
        }
        Files.copy(
                Path.of("..", "ci-templates", "gitlab", "templates", "credentials.yml"),
                project().resolve("templates/credentials.yml"));
        engine = new PipelineEngine(project(), folder.resolve("home"));
        engine.commit("git@gitlab.com:acme/tollbridge.git");
    }

    public Path project() {
        return folder.resolve("project");
    }

    /// Where the component's folder of a job is.
    public Path parent() {
        return folder.resolve("tmp");
    }

    /// @param words jobs and options
    public PipelineEngine.Ran run(Map<String, String> variables, String... words)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Tools.program("gitlab-ci-local"),
                                "--force-shell-executor",
                                "--variable",
                                "TOLLBRIDGE_PARENT=" + parent()));
        variables.forEach(
                (name, value) -> command.addAll(List.of("--variable", name + "=" + value)));
        command.addAll(List.of(words));
        List<Path> first = new ArrayList<>(List.of(Tools.folder("gitlab-ci-local")));
        first.addAll(path);
        return engine.run(command, first, Map.of(), OWN);
    }
}
