package dev.tollbridge.bridge.ci;

import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// [act](https://github.com/nektos/act), an engine for GitHub's workflows, in host mode: a job is
/// processes of this machine, with a workspace and a home of their own.
final class Act {

    /// @param log as a reader sees it, masked
    record Ran(int exit, String log) {}

    private final Path folder;

    /// @param folder everything that a run writes is below it
    Act(Path folder) throws IOException {
        this.folder = folder;
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

    Path repository() {
        return folder.resolve("repository");
    }

    void workflow(String text) throws IOException {
        Files.writeString(repository().resolve(".github/workflows/deploy.yml"), text);
    }

    /// One push.
    ///
    /// @param path where programs of the job are looked for first
    /// @param environment of the job
    /// @param variables the repository's, at GitHub
    /// @param event what GitHub would say of it, as JSON
    Ran push(
            List<Path> path,
            Map<String, String> environment,
            Map<String, String> variables,
            @Nullable Path event)
            throws IOException, InterruptedException {
        if (!Files.exists(repository().resolve(".git"))) {
            git("init", "-q", "-b", "main");
            git("add", "-A");
            git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "first");
            git("remote", "add", "origin", "https://github.com/acme/payments.git");
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
        Path log = Files.createTempFile(folder, "act", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(repository().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(GITHUB|ACTIONS|RUNNER|INPUT|AWS|TOLLBRIDGE)_.*"));
        List<String> found = new ArrayList<>();
        path.forEach(one -> found.add(one.toString()));
        found.add(Tools.folder("gitlab-ci-local").toString());
        found.add(System.getenv("PATH"));
        builder.environment().put("PATH", String.join(":", found));
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
        Process process = builder.start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("act did not end: " + Files.readString(log));
        }
        return new Ran(process.exitValue(), Files.readString(log));
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        int exit =
                new ProcessBuilder(command)
                        .directory(repository().toFile())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("git " + words[0] + " failed");
        }
    }
}
