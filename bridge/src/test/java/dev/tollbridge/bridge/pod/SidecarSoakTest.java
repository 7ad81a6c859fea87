package dev.tollbridge.bridge.pod;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditRecord.Kind;
import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.pod.HandedOver.Found;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two hours of a pod as one story, minute by minute: the whole sidecar beside the whole bridge, by
/// one time that the test lets pass. What a process of its own has to show (SIGTERM, kill -9) is in
/// {@link SidecarContractTest}.
@DisplayName("Two hours of a pod")
class SidecarSoakTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MINUTES = 120;

    private static final int JUMPS = 2;
    private static final Pattern ISSUANCE = Pattern.compile("\\((iss_\\w+)\\)");

    /// What tools may rely on at the end of a minute. Whatever is there is valid.
    private enum Served {
        /// At every way, and kubelet is told so.
        EVERYTHING,
        /// At the endpoint; some file may have been taken away.
        BY_THE_ENDPOINT,
        /// What lives long enough.
        WHAT_LASTS
    }

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<Found> seen = new LinkedHashSet<>();
    private final Set<String> handles = new LinkedHashSet<>();
    private PodWorld world;
    private @Nullable SmallDisk disk;
    private Path dir;
    private int minute;

    @BeforeEach
    void start() throws Exception {
        CryptoProvider.install();
        world = new PodWorld(folder);
        Path pod = Files.createDirectory(folder.resolve("pod"));
        disk = SmallDisk.mountedAt(pod);
        dir = pod.resolve("files");
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
        http.close();
        if (disk != null) {
            disk.close();
        }
    }

    private List<String> arguments() {
        return List.of(
                "--url", world.bridge().url(),
                "--token-file", world.tokenFile.toString(),
                "--dir", dir.toString(),
                "--cluster-server", world.providerUrl(),
                "--cluster-ca", world.caFile.toString());
    }

    @ParameterizedTest(name = "asking again as {0} of the way from 50 to 66 % of a life")
    @ValueSource(doubles = {0, 0.999})
    void areServedThroughEverythingAndLeaveNothing(double jitter) throws Exception {
        long began = System.nanoTime();
        Set<String> before = issued();
        try (LeakCheck running = new LeakCheck();
                LeakCheck after = new LeakCheck();
                SteppedSidecar sidecar =
                        new SteppedSidecar(world.time, jitter, PodWorld.TARGETS, arguments())) {
            RealClients clients =
                    new RealClients(world, dir, sidecar.url(), folder.resolve("home"));
            live(sidecar, 15, Served.EVERYTHING);
            clients.askWhoTheyAre();

            String heldBefore = Files.readString(dir.resolve("internal-api/token"));
            world.stopBridge();
            world.startBridge();
            assertThat(world.bridge().introspect(heldBefore).path("active").asBoolean())
                    .as("a restarted bridge knows what it gave")
                    .isTrue();
            live(sidecar, 10, Served.EVERYTHING);

            world.stopBridge();
            live(sidecar, 3, Served.EVERYTHING);
            world.startBridge();
            live(sidecar, 7, Served.EVERYTHING);

            if (disk != null) {
                disk.fill();
                live(sidecar, 20, Served.BY_THE_ENDPOINT);
                assertThat(sidecar.said()).contains("cannot be written: ");
                disk.free();
            } else {
                live(sidecar, 20, Served.EVERYTHING);
            }
            live(sidecar, 5, Served.EVERYTHING);

            for (Duration jump : List.of(Duration.ofHours(3), Duration.ofHours(-5))) {
                long refreshes = refreshes(sidecar).values().stream().mapToLong(n -> n).sum();
                world.time.jump(jump);
                live(sidecar, 1, Served.EVERYTHING);
                assertThat(refreshes(sidecar).values().stream().mapToLong(n -> n).sum())
                        .as("each target's is asked for anew")
                        .isGreaterThanOrEqualTo(refreshes + PodWorld.TARGETS.size());
                live(sidecar, 9, Served.EVERYTHING);
            }

            live(sidecar, 5, Served.EVERYTHING);
            world.stopBridge();
            live(sidecar, 13, Served.WHAT_LASTS);
            assertThat(found(sidecar))
                    .filteredOn(one -> minutes(one.target()) == 10)
                    .as("what was over has been taken away")
                    .noneMatch(Found::there);
            world.startBridge();
            live(sidecar, 22, Served.EVERYTHING);
            clients.askWhoTheyAre();
            assertThat(minute).isEqualTo(MINUTES);

            Map<String, Long> refreshes = refreshes(sidecar);
            for (String target : PodWorld.TARGETS) {
                int life = minutes(target);
                assertThat(refreshes.get(target))
                        .as(target)
                        .isBetween((long) MINUTES / life, MINUTES * 2L / life + 1 + JUMPS);
            }
            runningLeaks(running, sidecar);

            Instant last = world.time.right().instant();
            assertThat(sidecar.end()).isZero();
            assertThat(dir).isEmptyDirectory();
            everyIssuanceIsAccountedFor(before, refreshes, sidecar, last);
            nothingIsLeft(after, sidecar);
            world.stopBridge();
            AuditVerification.Result record = AuditVerification.verify(world.auditFolder(), null);
            assertThat(record.problem()).isNull();
            assertThat(record.unfinished()).isZero();
            System.out.printf(
                    "%d simulated minutes, jitter %.3f: credentials %s, %d lines of"
                            + " record, %.1f s%n",
                    minute,
                    jitter,
                    new TreeMap<>(refreshes),
                    record.lines(),
                    (System.nanoTime() - began) / 1e9);
        }
        assumeTrue(disk != null, "the full disk was left out: mounting a small one takes root");
    }

    /// What a credential lives, as the grant says.
    private static int minutes(String target) {
        return target.equals(PodWorld.AWS) ? 15 : 10;
    }

    private void live(SteppedSidecar sidecar, int minutes, Served served) throws Exception {
        for (int i = 0; i < minutes; i++) {
            world.kubelet();
            sidecar.live(MINUTE);
            minute++;
            for (Found found : found(sidecar)) {
                boolean due =
                        switch (served) {
                            case EVERYTHING -> true;
                            case BY_THE_ENDPOINT -> found.byEndpoint();
                            case WHAT_LASTS -> false;
                        };
                if (due || found.there()) {
                    assertThat(found.credential())
                            .as("minute %d, %s: %s", minute, found.way(), sidecar.said())
                            .isNotEmpty();
                    assertThat(world.endOf(found.target(), found.credential()))
                            .as("minute %d, %s", minute, found.way())
                            .isAfter(world.time.right().instant());
                }
            }
            if (served == Served.EVERYTHING) {
                assertThat(health(sidecar, "/readyz").statusCode())
                        .as("minute %d: %s", minute, sidecar.said())
                        .isEqualTo(200);
            }
        }
    }

    private List<Found> found(SteppedSidecar sidecar) throws Exception {
        List<Found> found = new HandedOver(dir, sidecar.url(), http).now();
        seen.addAll(found);
        for (String target : PodWorld.TARGETS) {
            Path handle = dir.resolve(target).resolve(".handle");
            if (Files.exists(handle)) {
                handles.add(Files.readString(handle));
            }
        }
        return found;
    }

    private HttpResponse<String> health(SteppedSidecar sidecar, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(sidecar.health() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// By target, as `/metrics` says.
    private Map<String, Long> refreshes(SteppedSidecar sidecar) throws Exception {
        Map<String, Long> refreshes = new HashMap<>();
        Pattern.compile("tollbridge_sidecar_refreshes_total\\{target=\"(.*)\"\\} (\\d+)")
                .matcher(health(sidecar, "/metrics").body())
                .results()
                .forEach(line -> refreshes.put(line.group(1), Long.valueOf(line.group(2))));
        assertThat(refreshes).containsOnlyKeys(PodWorld.TARGETS);
        return refreshes;
    }

    private Set<String> issued() {
        Set<String> ids = new LinkedHashSet<>();
        for (AuditRecord line : world.record()) {
            if (line.kind() == Kind.ISSUED) {
                ids.add(String.valueOf(line.id()));
            }
        }
        return ids;
    }

    /// The record and the sidecar tell the same.
    private void everyIssuanceIsAccountedFor(
            Set<String> before, Map<String, Long> refreshes, SteppedSidecar sidecar, Instant last)
            throws IOException {
        List<AuditRecord> record =
                world.record().stream()
                        .filter(line -> !before.contains(String.valueOf(line.id())))
                        .toList();
        Set<String> issued = issued();
        issued.removeAll(before);
        assertThat(record)
                .filteredOn(line -> line.kind() == Kind.RESERVED)
                .as("every reservation has become a credential")
                .isNotEmpty()
                .allMatch(line -> issued.contains(String.valueOf(line.id())));
        assertThat(record)
                .extracting(AuditRecord::kind)
                .doesNotContain(Kind.FAILED, Kind.UNCERTAIN, Kind.REFUSED);
        assertThat(
                        record.stream()
                                .filter(line -> line.kind() == Kind.ISSUED)
                                .collect(
                                        groupingBy(
                                                line -> String.valueOf(line.target()), counting())))
                .isEqualTo(refreshes);
        List<String> said = new ArrayList<>();
        ISSUANCE.matcher(sidecar.said()).results().forEach(id -> said.add(id.group(1)));
        assertThat(issued).containsAll(said);
        // What the bridge itself can end has ended with the pod.
        for (Found one : seen) {
            if (one.target().equals(PodWorld.API)
                    && one.there()
                    && world.endOf(one.target(), one.credential()).isAfter(last)) {
                assertThat(world.bridge().introspect(one.credential()).path("active").asBoolean())
                        .isFalse();
            }
        }
    }

    /// Ids of AWS's keys are no secrets: the record names them.
    private List<Found> tokensSeen() {
        return seen.stream().filter(one -> !one.target().equals(PodWorld.AWS)).toList();
    }

    /// What is in use is in the pod's folder; what was replaced is nowhere.
    private void runningLeaks(LeakCheck leaks, SteppedSidecar sidecar) throws Exception {
        Set<String> current = new LinkedHashSet<>();
        found(sidecar).forEach(found -> current.add(found.credential()));
        String folderOfThePod = "the pod's folder";
        for (Found one : tokensSeen()) {
            leaks.token(
                    one.target(),
                    one.credential(),
                    current.contains(one.credential()) ? folderOfThePod : "");
        }
        for (Session session : world.aws.sessions()) {
            String where = current.contains(session.accessKeyId()) ? folderOfThePod : "";
            leaks.secret("secret key", session.secretKey(), where);
            leaks.secret("session token", session.token(), where);
        }
        leaks.secret("bearer", Files.readString(dir.resolve("bearer")), folderOfThePod);
        subjectTokens(leaks);
        assertThat(leaks.files(folderOfThePod, dir)).isPositive();
        leaks.sink("health", health(sidecar, "/readyz").body());
        leaks.sink("health", health(sidecar, "/metrics").body());
        leaks.sink("metrics of the bridge", world.bridge().metrics());
        leaks.sink("log of the sidecar", sidecar.said());
        leaks.files("data of the bridge", folder.resolve("data"));
        leaks.files("what clients wrote", folder.resolve("home"));
        ProcessTable.to(leaks);
        leaks.assertNothingLeaked();
    }

    /// Nothing that was ever given is anywhere.
    private void nothingIsLeft(LeakCheck leaks, SteppedSidecar sidecar) throws Exception {
        tokensSeen().forEach(one -> leaks.token(one.target(), one.credential()));
        world.given().forEach(token -> leaks.token("a provider's token", token));
        world.aws.tokens().forEach(token -> leaks.token("token for AWS", token));
        for (Session session : world.aws.sessions()) {
            leaks.secret("secret key", session.secretKey());
            leaks.secret("session token", session.token());
        }
        handles.forEach(handle -> leaks.secret("handle", handle));
        subjectTokens(leaks);
        leaks.sink("metrics of the bridge", world.bridge().metrics());
        leaks.sink("log of the sidecar", sidecar.said());
        leaks.files(folder);
        ProcessTable.to(leaks);
        leaks.assertNothingLeaked();
    }

    /// The last one is where kubelet put it, for as long as the pod is there.
    private void subjectTokens(LeakCheck leaks) {
        List<String> tokens = world.subjectTokens();
        assertThat(tokens).as("kubelet has written new ones").hasSizeGreaterThan(2);
        for (String token : tokens) {
            leaks.token(
                    "pod's token",
                    token,
                    token.equals(tokens.getLast())
                            ? "file " + folder.relativize(world.tokenFile)
                            : "");
        }
    }
}
