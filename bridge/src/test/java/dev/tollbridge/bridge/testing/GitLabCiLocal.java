package dev.tollbridge.bridge.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// [gitlab-ci-local](https://github.com/firecow/gitlab-ci-local), an engine for GitLab's pipelines,
/// with its shell executor, in a project that has the component.
public final class GitLabCiLocal {

    public record Ran(int exit, String log) {}

    private final Path folder;
    private final List<Path> path;

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
        git("init", "-q", "-b", "main");
        git("add", "-A");
        git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "first");
        git("remote", "add", "origin", "git@gitlab.com:acme/tollbridge.git");
        git("update-ref", "refs/remotes/origin/main", "HEAD");
        git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    }

    public Path project() {
        return folder.resolve("project");
    }

    /// Where the component's folder of a job is.
    public Path parent() {
        return folder.resolve("tmp");
    }

    /// @param words jobs and options
    public Ran run(Map<String, String> variables, String... words)
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
        Path log = Files.createTempFile(folder, "pipeline", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(project().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        List<String> found = new ArrayList<>(List.of(Tools.folder("gitlab-ci-local").toString()));
        path.forEach(one -> found.add(one.toString()));
        found.add(System.getenv("PATH"));
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(CI|GITLAB|AWS|TOLLBRIDGE|CLOUDSDK|GOOGLE)(_.*)?"));
        builder.environment().put("PATH", String.join(":", found));
        builder.environment().put("HOME", folder.resolve("home").toString());
        Process process = builder.start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the pipeline did not end: " + Files.readString(log));
        }
        return new Ran(process.exitValue(), Files.readString(log));
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        int exit =
                new ProcessBuilder(command)
                        .directory(project().toFile())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("git " + words[0] + " failed");
        }
    }
}
