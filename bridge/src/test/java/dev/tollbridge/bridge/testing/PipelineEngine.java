package dev.tollbridge.bridge.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A repository, and a program that runs its pipelines as processes of this machine.
///
/// @param repository a folder, which {@link #commit} makes a repository of
/// @param home what a job has for one
public record PipelineEngine(Path repository, Path home) {

    /// @param log as a reader sees it
    public record Ran(int exit, String log) {}

    /// Of everything that is there, on `main`.
    ///
    /// @param origin the URL that it came from
    public void commit(String origin) throws IOException, InterruptedException {
        git("init", "-q", "-b", "main");
        git("add", "-A");
        git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "first");
        git("remote", "add", "origin", origin);
        git("update-ref", "refs/remotes/origin/main", "HEAD");
        git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    }

    /// At most three minutes of it.
    ///
    /// @param path where programs of the job are looked for, before the machine's
    /// @param hidden variables of this process that a job must not see, by name
    public Ran run(
            List<String> command, List<Path> path, Map<String, String> environment, Pattern hidden)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(home.resolveSibling("."), "pipeline", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(repository.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        List<String> found = new ArrayList<>();
        path.forEach(one -> found.add(one.toString()));
        found.add(System.getenv("PATH"));
        builder.environment().keySet().removeIf(name -> hidden.matcher(name).matches());
        builder.environment().put("PATH", String.join(":", found));
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(environment);
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
                        .directory(repository.toFile())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("git " + words[0] + " failed");
        }
    }
}
