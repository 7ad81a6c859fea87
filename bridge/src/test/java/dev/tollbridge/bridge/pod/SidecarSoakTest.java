package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.ci.Leftovers;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hours of a pod by one clock that the test moves: the sidecar as a process of its own, the
/// real bridge, and the clients that people use, through all that happens to pods.
@DisplayName("Two hours of a sidecar")
class SidecarSoakTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final List<String> CLIENTS =
            List.of("awscli==1.45.11", "boto3==1.43.11", "google-auth==2.62.2", "requests==2.34.2");

    @TempDir private Path folder;
    private PodWorld world;
    private SmallDisk disk;
    private PodProcess sidecar;
    private Instant began;
    private Path python;
    private Process workload;
    private BufferedReader workloadSays;

    @BeforeEach
    void start() throws Exception {
        CryptoProvider.install();
        world = new PodWorld(folder);
        began = world.clock.instant();
        disk = new SmallDisk(folder.resolve("files"));
        sidecar = new PodProcess(world, folder.resolve("files"), folder.resolve("sidecar.log"));
        python = PythonPackages.python("pod-clients", CLIENTS);
        ProcessBuilder builder =
                new ProcessBuilder(
                        python.toString(), Path.of("src/test/resources/pod/clients.py").toString());
        environment(builder);
        builder.environment()
                .put("GOOGLE_APPLICATION_CREDENTIALS", file("api/credentials.json").toString());
        builder.environment().put("STS", world.aws.url());
        builder.environment().put("API", world.apiUrl());
        workload = builder.redirectError(folder.resolve("workload.log").toFile()).start();
        workloadSays = workload.inputReader(UTF_8);
    }

    @AfterEach
    void stop() throws Exception {
        workload.destroyForcibly().waitFor();
        sidecar.close();
        sidecar.process().waitFor();
        disk.close();
        world.close();
    }

    private Path file(String name) {
        return sidecar.folder.resolve(name);
    }

    private void environment(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.matches("(AWS|GOOGLE|CLOUDSDK)_.*"));
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_CONFIG_FILE",
                                "/dev/null",
                                "AWS_SHARED_CREDENTIALS_FILE",
                                "/dev/null",
                                "AWS_EC2_METADATA_DISABLED",
                                "true",
                                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                sidecar.endpoint(),
                                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                                file("bearer").toString(),
                                "HOME",
                                folder.toString()));
    }

    /// The world goes first: a sidecar's clock is always a little behind somebody's.
    private void live(long minutes, Checked each) throws Exception {
        for (Duration done = Duration.ZERO; done.toMinutes() < minutes; done = done.plus(STEP)) {
            world.later(STEP);
            sidecar.go(STEP);
            each.run();
        }
    }

    @FunctionalInterface
    private interface Checked {
        void run() throws Exception;
    }

    private void allIsWell() throws Exception {
        assertThat(sidecar.ready()).as(Files.readString(sidecar.log)).isEqualTo("200");
        nothingIsOver();
        assertThat(file("api/token")).exists();
        assertThat(file("deploy/aws-credentials")).exists();
        assertThat(file("cluster-prod/kubeconfig")).exists();
    }

    /// After at most some retries: a library of the bridge takes seconds of the real world to load,
    /// and a bridge whose clock leaps is `overloaded` until it has looked at its documents again.
    private void allIsWellSoon() throws Exception {
        for (int i = 0; i < 40 && !sidecar.ready().equals("200"); i++) {
            live(1, this::nothingIsOver);
        }
        allIsWell();
    }

    /// Whatever tools find is whole and may be used.
    private void nothingIsOver() throws Exception {
        try (Stream<Path> files = Files.walk(sidecar.folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".new"));
        }
        if (Files.exists(file("api/credentials.json"))) {
            JsonNode api = JSON.readTree(Files.readString(file("api/credentials.json")));
            valid(api.path("expires_at").asText());
            assertThat(api.path("access_token").asText().split("\\.")).hasSize(3);
        }
        if (Files.exists(file("cluster-prod/token"))) {
            assertThat(world.activeAtTheCluster(Files.readString(file("cluster-prod/token"))))
                    .isTrue();
        }
        if (Files.exists(file("deploy/credentials.json"))) {
            JsonNode keys = JSON.readTree(Files.readString(file("deploy/credentials.json")));
            valid(keys.path("Expiration").asText());
            assertThat(Files.readString(file("deploy/aws-credentials")))
                    .endsWith("aws_session_token = " + keys.path("SessionToken").asText() + "\n");
        }
        if (sidecar.aws().statusCode() == 200) {
            valid(JSON.readTree(sidecar.aws().body()).path("Expiration").asText());
        }
    }

    private void valid(String until) {
        assertThat(Instant.parse(until)).isAfter(world.clock.instant());
    }

    /// Processes that began with the pod, and processes that begin now.
    private void clientsWork() throws Exception {
        Duration ahead = Duration.between(Instant.now(), world.clock.instant());
        workload.getOutputStream().write((ahead.toSeconds() + "\n").getBytes(UTF_8));
        workload.getOutputStream().flush();
        String line = workloadSays.readLine();
        assertThat(line).as(Files.readString(folder.resolve("workload.log"))).isNotNull();
        JsonNode said = JSON.readTree(line);
        assertThat(said.path("aws").asText()).contains("assumed-role/reports/iss_");
        assertThat(said.path("google").asText()).isEqualTo("204");

        assertThat(
                        run(
                                python.resolveSibling("aws").toString(),
                                "--endpoint-url",
                                world.aws.url(),
                                "--region",
                                "eu-west-1",
                                "sts",
                                "get-caller-identity"))
                .contains("assumed-role/reports/iss_");
        assertThat(
                        run(
                                "kubectl",
                                "--kubeconfig",
                                file("cluster-prod/kubeconfig").toString(),
                                "get",
                                "--raw",
                                "/version"))
                .contains("v1.36.0");
    }

    private String run(String... command) throws Exception {
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        environment(builder);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor())
                .as(out + Files.readString(err) + Files.readString(sidecar.log))
                .isZero();
        return out;
    }

    @Test
    void ofAllThatHappensToPods() throws Exception {
        allIsWellSoon();
        clientsWork();
        live(20, this::allIsWell);
        clientsWork();

        // The bridge is restarted: nobody notices.
        world.stop();
        live(3, this::allIsWell);
        world.start();
        live(7, this::allIsWell);

        // It is away for longer than credentials live: what is valid is served, and no moment more.
        world.stop();
        live(18, this::nothingIsOver);
        assertThat(sidecar.ready()).contains("deploy: waiting", "api: waiting");
        assertThat(file("api/token")).doesNotExist();
        assertThat(sidecar.aws().statusCode()).isEqualTo(503);

        // Kubelet replaces the token at four fifths of its hour; soon the first one is over.
        world.rotate();
        world.start();
        allIsWellSoon();
        clientsWork();
        live(15, this::allIsWell);
        assertThat(Duration.between(began, world.clock.instant()))
                .isGreaterThan(Duration.ofHours(1));
        clientsWork();

        aDiskIsFull();
        clocksJump();
        world.rotate();
        itIsKilled();

        live(10, this::allIsWell);
        clientsWork();
        assertThat(Duration.between(began, world.clock.instant()))
                .isGreaterThan(Duration.ofHours(2));
        thePodEnds();
    }

    private void aDiskIsFull() throws Exception {
        disk.fill(sidecar.process());
        live(
                12,
                () -> {
                    nothingIsOver();
                    assertThat(sidecar.aws().statusCode())
                            .as("the endpoint goes on")
                            .isEqualTo(200);
                });
        assertThat(Files.readString(sidecar.log)).contains("cannot be written");
        disk.free(sidecar.process());
        allIsWellSoon();
        clientsWork();
    }

    /// By somebody who sets the node's clock, or because the machine slept.
    private void clocksJump() throws Exception {
        for (Duration jump : List.of(Duration.ofHours(3), Duration.ofHours(-3))) {
            String before = Files.readString(file("api/token"));
            sidecar.jump(jump);
            live(1, this::nothingIsOver);
            allIsWellSoon();
            assertThat(Files.readString(file("api/token"))).as("asked again").isNotEqualTo(before);
            live(4, this::allIsWell);
        }
    }

    private void itIsKilled() throws Exception {
        for (int i = 0; i < 4; i++) {
            // In the midst of what six minutes bring: every target is asked for and written.
            world.later(Duration.ofMinutes(6));
            sidecar.say("go 360");
            sidecar.kill();
            wholeOrNotThere();
            world.rotate();
            sidecar.start();
            allIsWellSoon();
        }
        clientsWork();

        // The bridge is away while the next one starts: what was left serves until its end.
        String left = Files.readString(file("api/token"));
        world.stop();
        sidecar.kill();
        sidecar.start();
        assertThat(Files.readString(file("api/token"))).isEqualTo(left);
        live(16, this::nothingIsOver);
        try (Stream<Path> files = Files.walk(sidecar.folder)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(file("bearer"));
        }
        world.rotate();
        world.start();
        allIsWellSoon();
    }

    /// Between the end of one process and the start of the next nobody tidies up, but no tool finds
    /// half of anything under the names that it reads.
    private void wholeOrNotThere() throws IOException {
        for (String target : PodWorld.TARGETS) {
            Path credential = file(target + "/credentials.json");
            if (Files.exists(credential)) {
                assertThat(JSON.readTree(Files.readString(credential)).isObject()).isTrue();
            }
            Path token = file(target + "/token");
            if (Files.exists(token)) {
                assertThat(Files.readString(token).split("\\.")).hasSize(3);
            }
        }
    }

    private void thePodEnds() throws Exception {
        String token = Files.readString(file("api/token"));
        assertThat(world.active(token)).isTrue();
        sidecar.terminate();
        assertThat(world.active(token)).as("ended with the pod").isFalse();
        try (Stream<Path> files = Files.list(sidecar.folder)) {
            assertThat(files).isEmpty();
        }

        List<String> all = new ArrayList<>(world.secrets);
        for (Session session : world.aws.sessions()) {
            all.add(session.secretKey());
            all.add(session.token());
        }
        assertThat(all).hasSizeGreaterThan(40);
        all.add(token);
        Leftovers left = new Leftovers(all);
        left.in("the sidecar's log", Files.readString(sidecar.log));
        left.in("what the bridge keeps", world.bridge().data());
        left.below(sidecar.folder);
        workload.destroyForcibly().waitFor();
        left.inProcesses();
        assertThat(world.bridge().data()).doesNotContain("replayed");
    }
}
