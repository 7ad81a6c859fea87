package dev.tollbridge.bridge.ci;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.testing.LongJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `ci-templates/sh/tollbridge-session.sh` against the bridge as it is served: a job that outlives
/// its credentials many times, and what is left of it for a thief.
@DisplayName("The session agent in sh")
class SessionAgentTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// In seconds; longer than any of this takes on a busy machine.
    private static final long PATIENCE_SECONDS = 90;

    @TempDir private static Path folder;

    private static LongJobs longJobs;
    private static ServedBridge bridge;

    /// Demands a nonce in each proof.
    private static ServedBridge strict;

    private final List<Path> jobs = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        longJobs = new LongJobs(folder);
        bridge = new ServedBridge(longJobs.settings("data"));
        strict = new ServedBridge(longJobs.settings("strict").withRequiredDpopNonce());
    }

    @AfterAll
    static void stop() {
        bridge.close();
        strict.close();
    }

    /// No process of a test outlives it, whatever became of the test.
    @AfterEach
    void endAgents() throws IOException, InterruptedException {
        for (Path job : jobs) {
            if (Files.exists(job)) {
                run("dash", "stop", "--dir", job.toString());
            }
        }
    }

    private record Run(int exit, String out, String err) {}

    private static Run run(String shell, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        command.add(
                Path.of("..", "ci-templates", "sh", "tollbridge-session.sh")
                        .toAbsolutePath()
                        .normalize()
                        .toString());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TOLLBRIDGE_"));
        // A name that the script uses, exported: nothing of it may reach another program.
        builder.environment().put("key", "from outside");
        builder.environment().put("handle", "from outside");
        builder.environment()
                .put("TOLLBRIDGE_SH", shell.split(" ")[0].equals("busybox") ? "dash" : shell);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the script did not end");
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// A job of this test's process: the agent watches it.
    private Path started(String shell, String token, String... more)
            throws IOException, InterruptedException {
        return startedAt(bridge.url(), shell, token, more);
    }

    private Path startedAt(String url, String shell, String token, String... more)
            throws IOException, InterruptedException {
        Path job = folder.resolve("job-" + UUID.randomUUID());
        jobs.add(job);
        Path file = longJobs.tokenFile(token);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "start",
                                "--dir",
                                job.toString(),
                                "--url",
                                url,
                                "--target",
                                "internal-api",
                                "--target",
                                "slow-api",
                                "--token-file",
                                file.toString()));
        arguments.addAll(List.of(more));
        Run run = run(shell, arguments.toArray(String[]::new));
        Files.delete(file);
        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains("session ses_");
        return job;
    }

    private static String get(Path job, String target, String format)
            throws IOException, InterruptedException {
        Run run =
                run(
                        "dash",
                        "get",
                        "--dir",
                        job.toString(),
                        "--target",
                        target,
                        "--format",
                        format,
                        "--margin",
                        "1");
        assertThat(run.exit).as(run.err).isZero();
        return run.out.strip();
    }

    private static boolean active(String credential) {
        return bridge.introspect(credential).path("active").asBoolean();
    }

    private static void eventually(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private static String pid(Path job) throws IOException {
        return Files.readString(job.resolve("pid")).strip();
    }

    private static boolean alive(String pid) {
        try {
            // One that nobody has waited for yet is gone all the same.
            return !Files.readString(Path.of("/proc", pid, "stat")).matches("(?s).*\\) Z .*");
        } catch (IOException e) {
            return false;
        }
    }

    /// Arguments and environment of every process there is.
    private static String processes() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path process :
                    entries.filter(p -> p.toString().matches("/proc/[0-9]+")).toList()) {
                for (String part : new String[] {"cmdline", "environ"}) {
                    try {
                        all.append(
                                Files.readString(
                                        process.resolve(part), StandardCharsets.ISO_8859_1));
                    } catch (IOException e) {
                        // It ended meanwhile, or is not ours.
                    }
                }
            }
        }
        return all.toString();
    }

    private static String files(Path of) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(of)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private static JsonNode session(String handle, DpopKey key)
            throws IOException, InterruptedException {
        URI door = URI.create(bridge.url() + "/session");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return JSON.readTree(
                    http.send(
                                    HttpRequest.newBuilder(door)
                                            .header(
                                                    "Content-Type",
                                                    "application/x-www-form-urlencoded")
                                            .header(
                                                    "DPoP",
                                                    key.proof("POST", door, null, Instant.now())
                                                            .reveal())
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            "handle=" + handle))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aJobOutlivesItsCredentialsManyTimes(String shell) throws Exception {
        String token = longJobs.token();
        Path kept = folder.resolve("kept-" + UUID.randomUUID());
        Path job = started(shell, token, "--out", "internal-api=token:" + kept);
        String slow = get(job, "slow-api", "token");
        Set<String> seen = new LinkedHashSet<>();
        Set<String> handles = new LinkedHashSet<>();
        while (seen.size() < 6) {
            String credential = get(job, "internal-api", "token");
            assertThat(active(credential)).isTrue();
            seen.add(credential);
            handles.add(Files.readString(job.resolve("handle")).strip());
        }
        assertThat(handles.size()).isGreaterThan(3);
        assertThat(get(job, "slow-api", "token")).as("is not due yet").isEqualTo(slow);
        assertThat(active(Files.readString(kept).strip())).isTrue();

        // Where what is.
        String pid = pid(job);
        String processes = processes();
        String everywhere = files(job);
        assertThat(processes).doesNotContain(token).doesNotContain("PRIVATE KEY");
        assertThat(everywhere).doesNotContain(token).doesNotContain("PRIVATE KEY");
        for (String secret : List.of(slow, Files.readString(job.resolve("handle")).strip())) {
            assertThat(processes).doesNotContain(secret);
        }
        assertThat(Files.readString(Path.of("/proc", pid, "environ"), StandardCharsets.ISO_8859_1))
                .doesNotContain("from outside");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(job)))
                .isEqualTo("rwx------");
        try (Stream<Path> all = Files.list(job)) {
            for (Path file : all.toList()) {
                if (Files.exists(file)) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------");
                }
            }
        }
        assertThat(Files.readString(job.resolve("log")))
                .doesNotContain("eyJ")
                .doesNotContain("snh_");

        // The end.
        String handle = Files.readString(job.resolve("handle")).strip();
        Run stopped = run(shell, "stop", "--dir", job.toString());
        assertThat(stopped.exit).as(stopped.err).isZero();
        assertThat(job).doesNotExist();
        eventually("the process is gone", () -> !alive(pid));
        assertThat(active(slow)).isFalse();
        for (String credential : seen) {
            assertThat(active(credential)).isFalse();
        }
        assertThat(session(handle, DpopKey.generate()).path("reason").asText())
                .isIn("session_ended", "session_replayed");
        assertThat(processes()).doesNotContain(slow).doesNotContain(handle);
        assertThat(run(shell, "stop", "--dir", job.toString()).exit).as("again").isZero();
    }

    @Test
    void aDemandForANonceIsAnswered() throws Exception {
        Path job = startedAt(strict.url(), "dash", longJobs.token());
        Set<String> seen = new LinkedHashSet<>();
        while (seen.size() < 3) {
            String credential = get(job, "internal-api", "token");
            assertThat(strict.introspect(credential).path("active").asBoolean()).isTrue();
            seen.add(credential);
        }
    }

    @Test
    void anAnswerThatWasLostIsAskedForAgain() throws Exception {
        try (LossyProxy proxy = new LossyProxy();
                ServedBridge behind =
                        new ServedBridge(longJobs.settings("lossy").withExternalUrl(proxy.url()))) {
            proxy.before(behind.url());
            Path job = startedAt(proxy.url(), "dash", longJobs.token());
            proxy.loseAnswers(2);
            String before = get(job, "internal-api", "token");
            eventually("two answers are lost", () -> proxy.lost() == 2);
            Set<String> seen = new LinkedHashSet<>(List.of(before));
            while (seen.size() < 3) {
                seen.add(get(job, "internal-api", "token"));
            }
            assertThat(job.resolve("ended")).doesNotExist();
            assertThat(behind.metrics()).doesNotContain("tollbridge_session_alarms_total{");
            run("dash", "stop", "--dir", job.toString());
            assertThat(job).doesNotExist();
        }
    }

    @Test
    void aFolderThatIsRemovedTakesTheSessionAlong() throws Exception {
        Path job = started("dash", longJobs.token());
        String credential = get(job, "slow-api", "token");
        String pid = pid(job);
        assertThat(new ProcessBuilder("rm", "-rf", job.toString()).start().waitFor()).isZero();
        eventually("the process is gone", () -> !alive(pid));
        assertThat(active(credential)).isFalse();
    }

    @Test
    void aCopyOfTheFolderIsNothingWithoutTheMemory() throws Exception {
        Path job = started("dash", longJobs.token());
        Path copy = Files.createDirectories(folder.resolve("copy-" + UUID.randomUUID()));
        try (Stream<Path> all = Files.list(job)) {
            for (Path file : all.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        String handle = Files.readString(copy.resolve("handle")).strip();
        assertThat(session(handle, DpopKey.generate()).path("reason").asText())
                .isIn("proof_invalid", "session_replayed");
        String metrics = bridge.metrics();
        assertThat(metrics)
                .containsAnyOf(
                        "tollbridge_session_alarms_total{what=\"other_key\"}",
                        "tollbridge_session_alarms_total{what=\"replayed\"}");
    }

    @Test
    void anAgentThatWasKilledIsEndedByItsFiles() throws Exception {
        Path job = started("dash", longJobs.token());
        String credential = get(job, "slow-api", "token");
        ProcessHandle.of(Long.parseLong(pid(job))).orElseThrow().destroyForcibly();
        Run stopped = run("dash", "stop", "--dir", job.toString());
        assertThat(stopped.exit).as(stopped.err).isZero();
        assertThat(active(credential)).isFalse();
        assertThat(job).doesNotExist();
    }

    @Test
    void aJobThatIsGoneTakesItsSessionAlong() throws Exception {
        Process job = new ProcessBuilder("sleep", "600").start();
        Path of = started("dash", longJobs.token(), "--watch", Long.toString(job.pid()));
        String credential = get(of, "slow-api", "token");
        job.destroyForcibly().waitFor();
        eventually("the folder is gone", () -> !Files.exists(of));
        assertThat(active(credential)).isFalse();
    }

    @Test
    void whatTheOperatorEndedIsSaid() throws Exception {
        Path job = started("dash", longJobs.token());
        bridge.revoke(Files.readString(job.resolve("handle")).strip());
        eventually("the agent knows", () -> Files.exists(job.resolve("ended")));
        Run run =
                run(
                        "dash",
                        "get",
                        "--dir",
                        job.toString(),
                        "--target",
                        "internal-api",
                        "--margin",
                        "30");
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.err).contains("refused: session_ended (receipt rct_");
    }

    @Test
    void aTargetWhoseGrantGivesNoSessionStartsNothing() throws Exception {
        Path job = folder.resolve("none-" + UUID.randomUUID());
        Path file = longJobs.tokenFile();
        Run run =
                run(
                        "dash",
                        "start",
                        "--dir",
                        job.toString(),
                        "--url",
                        bridge.url(),
                        "--target",
                        "no-session",
                        "--token-file",
                        file.toString());
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.err).contains("refused: session_refused (receipt rct_").contains("Next: ");
        assertThat(job).doesNotExist();
    }

    @Test
    void partOfTheTargetsIsNothing() throws Exception {
        Path job = folder.resolve("part-" + UUID.randomUUID());
        Path file = longJobs.tokenFile();
        Run run =
                run(
                        "dash",
                        "start",
                        "--dir",
                        job.toString(),
                        "--url",
                        bridge.url(),
                        "--target",
                        "slow-api",
                        "--target",
                        "no-session",
                        "--token-file",
                        file.toString());
        assertThat(run.exit).isEqualTo(1);
        assertThat(run.err).contains("no-session: session_refused");
        assertThat(job).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start",
                "start --dir x",
                "start --dir x --target ../etc",
                "start --dir x --target a;b",
                "start --dir x --target a --out a=token",
                "start --dir x --target a --token-file f --url http://elsewhere.example",
                "get --dir nowhere --target a",
                "get --dir nowhere --target ../a",
                "stop",
                "nonsense",
                "agent --dir nowhere",
            })
    void wrongUseIsSaid(String arguments) throws Exception {
        Run run = run("dash", arguments.split(" "));
        assertThat(run.exit).as(run.err).isEqualTo(2);
        assertThat(run.err).startsWith("tollbridge: ");
    }

    @Test
    void itsHelpNamesItsFlags() throws Exception {
        Run run = run("busybox sh", "--help");
        assertThat(run.exit).isZero();
        for (Map.Entry<String, String> flag :
                Map.of("--dir", "start", "--watch", "process", "--out", "renewed").entrySet()) {
            assertThat(run.out).contains(flag.getKey()).contains(flag.getValue());
        }
    }
}
