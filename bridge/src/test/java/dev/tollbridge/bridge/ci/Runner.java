package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A GitHub Actions runner as far as one action can see it: the files of a step (output, state,
/// environment), masks, and steps that follow with what was exported.
///
/// Faithful to the workflow commands as GitHub documents them; what a runner does beside that is
/// not here.
public final class Runner {

    private static final Path ACTION =
            Path.of("..", "ci-templates", "github").toAbsolutePath().normalize();

    private final Path folder;
    private final Map<String, String> job = new LinkedHashMap<>();

    public Runner(Path folder, Map<String, String> job) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.job.put("RUNNER_TEMP", Files.createDirectories(folder.resolve("_temp")).toString());
        this.job.put(
                "GITHUB_WORKSPACE",
                Files.createDirectories(folder.resolve("workspace")).toString());
        this.job.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        this.job.putAll(job);
    }

    /// One use of the action in the job.
    ///
    /// @param exit of the process
    /// @param raw all that it printed
    /// @param shown what a reader of the log sees
    public record Ran(
            int exit,
            String raw,
            String shown,
            Map<String, String> outputs,
            Map<String, String> state) {}

    /// All that there is of the job on its machine: workspace, home, temporary files, logs.
    Path machine() {
        return folder;
    }

    Path workspace() {
        return folder.resolve("workspace");
    }

    Path temp() {
        return folder.resolve("_temp");
    }

    public Map<String, String> environment() {
        return Map.copyOf(job);
    }

    public Ran main(Map<String, String> inputs) throws IOException, InterruptedException {
        Map<String, String> more = new HashMap<>();
        inputs.forEach((name, value) ->
                more.put("INPUT_" + name.toUpperCase(java.util.Locale.ROOT), value));
        return step("main.js", more);
    }

    public Ran post(Ran main) throws IOException, InterruptedException {
        Map<String, String> more = new HashMap<>();
        main.state().forEach((name, value) -> more.put("STATE_" + name, value));
        return step("post.js", more);
    }

    /// A later step of the job: any command, with what earlier ones exported.
    public Ran run(List<String> command, String input) throws IOException, InterruptedException {
        return process(command, Map.of(), input);
    }

    /// The version that `action.yml` says.
    static String node() throws IOException, InterruptedException {
        return Tools.folder("gitlab-ci-local").resolve("node").toString();
    }

    private Ran step(String script, Map<String, String> more)
            throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(folder, "files");
        Map<String, String> environment = new HashMap<>(more);
        for (String name : List.of("GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_ENV")) {
            environment.put(name, Files.createFile(files.resolve(name)).toString());
        }
        Ran ran = process(List.of(node(), ACTION.resolve(script).toString()), environment, "");
        job.putAll(pairs(files.resolve("GITHUB_ENV")));
        Ran whole =
                new Ran(
                        ran.exit(),
                        ran.raw(),
                        ran.shown(),
                        pairs(files.resolve("GITHUB_OUTPUT")),
                        pairs(files.resolve("GITHUB_STATE")));
        // What a runner keeps is the log that it shows.
        Files.writeString(
                folder.resolve("log"),
                ran.shown(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        // These are a step's.
        for (String name : List.of("GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_ENV")) {
            Files.delete(files.resolve(name));
        }
        return whole;
    }

    private Ran process(List<String> command, Map<String, String> more, String input)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "log", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(workspace().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> !Set.of("PATH", "LANG").contains(name));
        builder.environment().putAll(job);
        builder.environment().putAll(more);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    command.getFirst() + " is not installed; this test needs node, git and aws", e);
        }
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end");
        }
        String raw = Files.readString(out);
        Files.delete(out);
        return new Ran(process.exitValue(), raw, masked(raw), Map.of(), Map.of());
    }

    /// As a runner shows it: commands are not shown, and what a mask names is hidden from there on.
    private static String masked(String raw) {
        List<String> masks = new ArrayList<>();
        StringBuilder shown = new StringBuilder();
        for (String line : raw.split("\r?\n")) {
            if (line.startsWith("::add-mask::")) {
                masks.add(
                        line.substring("::add-mask::".length())
                                .replace("%0D", "\r")
                                .replace("%0A", "\n")
                                .replace("%25", "%"));
                continue;
            }
            String seen = line;
            for (String mask : masks) {
                seen = seen.replace(mask, "***");
            }
            shown.append(seen).append('\n');
        }
        return shown.toString();
    }

    private static Map<String, String> pairs(Path file) throws IOException {
        Map<String, String> pairs = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            int at = lines.get(i).indexOf("<<");
            String name = lines.get(i).substring(0, at);
            String end = lines.get(i).substring(at + 2);
            StringBuilder value = new StringBuilder();
            while (!lines.get(++i).equals(end)) {
                value.append(value.isEmpty() ? "" : "\n").append(lines.get(i));
            }
            pairs.put(name, value.toString());
        }
        return pairs;
    }
}
