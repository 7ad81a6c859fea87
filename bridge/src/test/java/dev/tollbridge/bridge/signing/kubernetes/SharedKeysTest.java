package dev.tollbridge.bridge.signing.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.KeyEvent;
import dev.tollbridge.bridge.signing.KeyInfo;
import dev.tollbridge.bridge.signing.KeyState;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The keyring in a Secret")
class SharedKeysTest {

    private static final byte[] CLAIMS = "{\"sub\":\"somebody\"}".getBytes(UTF_8);
    private static final String NAME = "tollbridge-signing-keys";

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final String namespace = "keys-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path kubeconfig = cluster.kubeconfig();
    private final ClusterClients clients = new ClusterClients();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
    private final Queue<KeyEvent> events = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void makeNamespace() {
        Resources.succeed(cluster.kubectl("create", "namespace", namespace));
    }

    @AfterEach
    void leave() {
        clients.close();
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    private Keyring open() {
        return open(kubeconfig, folder.resolve("no-data"));
    }

    private Keyring open(Path by, Path data) {
        InstantSource clock = now::get;
        return Keyring.open(
                new SecretKeyStorage(() -> clients.reachable(by.toString()), namespace),
                data,
                KeyringSettings.DEFAULT,
                clock,
                events::add);
    }

    private String kubectl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return Resources.succeed(cluster.kubectl(all.toArray(String[]::new))).output();
    }

    private String stored() {
        return kubectl(
                "get", "secret", NAME, "--output=jsonpath={.metadata.resourceVersion} {.data}");
    }

    private static String jwks(Keyring keyring, OwnIssuer issuer) {
        return new String(keyring.publicKeys(issuer).jwks(), UTF_8);
    }

    private static KeyInfo key(Keyring keyring, KeyState state) {
        return keyring.list().stream()
                .filter(key -> key.issuer() == OwnIssuer.BRIDGE)
                .filter(key -> key.algorithm() == SigningAlgorithm.ES256)
                .filter(key -> key.state() == state)
                .findFirst()
                .orElseThrow();
    }

    private static Secret sign(Keyring keyring) {
        return keyring.signer(OwnIssuer.BRIDGE).sign(SigningAlgorithm.ES256, "at+jwt", CLAIMS);
    }

    private static boolean verifies(Keyring keyring, Secret token) {
        try {
            JWSObject jws = JWSObject.parse(token.reveal());
            return keyring.publicKeys(OwnIssuer.BRIDGE)
                    .verifies(
                            jws.getHeader().getKeyID(),
                            jws.getHeader().getAlgorithm().getName(),
                            jws.getSigningInput(),
                            jws.getSignature().decode());
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bridgesThatStartAtOnceHaveTheSameKeys() throws Exception {
        int bridges = 8;
        CyclicBarrier together = new CyclicBarrier(bridges);
        List<Keyring> keyrings = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Keyring>> starting = new ArrayList<>();
            for (int i = 0; i < bridges; i++) {
                starting.add(
                        threads.submit(() -> {
                            together.await();
                            return open();
                        }));
            }
            for (Future<Keyring> started : starting) {
                keyrings.add(started.get());
            }
        }
        for (OwnIssuer issuer : OwnIssuer.values()) {
            assertThat(keyrings)
                    .extracting(keyring -> jwks(keyring, issuer))
                    .containsOnly(jwks(keyrings.getFirst(), issuer));
        }
        assertThat(keyrings)
                .extracting(keyring -> keyring.handleKey().code("iss_1"))
                .containsOnly(keyrings.getFirst().handleKey().code("iss_1"));
        Secret token = sign(keyrings.getFirst());
        assertThat(keyrings).allMatch(keyring -> verifies(keyring, token));
        // One of them made the keys: an active and a next one of each issuer.
        assertThat(events).hasSize(4).allMatch(event -> event.from() == null);
    }

    @Test
    void theSecretSaysWhatItIs() {
        open();
        assertThat(kubectl("get", "secret", NAME, "--output=jsonpath={.type}"))
                .isEqualTo("tollbridge.dev/signing-keys");
        assertThat(kubectl("get", "secrets", "--selector=app.kubernetes.io/name=tollbridge"))
                .contains(NAME);
        // Not one of those that custom resources may refer to.
        assertThat(kubectl("get", "secrets", "--selector=tollbridge.dev/configuration"))
                .doesNotContain(NAME);
    }

    @Test
    void whatOneChangesTheOthersTakeOver() throws Exception {
        Keyring one = open();
        try (Keyring other = open()) {
            other.watch();
            String next = key(one, KeyState.NEXT).kid();
            assertThat(jwks(other, OwnIssuer.BRIDGE)).as("published ahead").contains(next);

            one.activate(next, true);
            Secret token = sign(one);
            Eventually.is("the new key verifies there", () -> verifies(other, token));
            Eventually.is("and signs there", () -> key(other, KeyState.ACTIVE).kid().equals(next));

            one.revoke(next);
            Eventually.is("a revoked key verifies nothing there", () -> !verifies(other, token));
        }
    }

    @Test
    void rotationThatIsDueIsDoneOnce() throws Exception {
        List<Keyring> keyrings = List.of(open(), open(), open());
        keyrings.getFirst().upkeep();
        keyrings.forEach(Keyring::refresh);
        String next = key(keyrings.getFirst(), KeyState.NEXT).kid();
        events.clear();
        now.updateAndGet(time -> time.plus(Duration.ofDays(30)));
        CyclicBarrier together = new CyclicBarrier(keyrings.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> keeping = new ArrayList<>();
            for (Keyring keyring : keyrings) {
                keeping.add(
                        threads.submit(() -> {
                            together.await();
                            keyring.upkeep();
                            return null;
                        }));
            }
            for (Future<?> kept : keeping) {
                kept.get();
            }
        }
        keyrings.forEach(Keyring::refresh);
        for (Keyring keyring : keyrings) {
            assertThat(keyring.list()).isEqualTo(keyrings.getFirst().list());
            assertThat(key(keyring, KeyState.ACTIVE).kid()).isEqualTo(next);
            assertThat(key(keyring, KeyState.NEXT).kid()).isNotEqualTo(next);
        }
        // Each was told once of each key, whoever changed it: bridge and federation, ES256 and
        // RS256.
        assertThat(events.stream().map(KeyEvent::key).distinct().count()).isEqualTo(9);
    }

    @Test
    void rotationGoesOnWithWhoeverIsLeft() {
        Keyring gone = open();
        gone.watch();
        Keyring left = open();
        gone.close();
        String next = key(left, KeyState.NEXT).kid();
        now.updateAndGet(time -> time.plus(Duration.ofDays(30)));
        left.upkeep();
        assertThat(key(left, KeyState.ACTIVE).kid()).isEqualTo(next);
    }

    @Test
    void changesAtTheSameTimeAreAllKept() throws Exception {
        Keyring one = open();
        Keyring other = open();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeyInfo> bridge =
                    threads.submit(() -> one.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA));
            Future<KeyInfo> federation =
                    threads.submit(() -> other.stage(OwnIssuer.FEDERATION, SigningAlgorithm.EDDSA));
            assertThat(open().list()).isNotEmpty();
            List<String> kids = List.of(bridge.get().kid(), federation.get().kid());
            assertThat(open().list()).extracting(KeyInfo::kid).containsAll(kids);
        }
    }

    @Test
    void goesOnWithItsKeysWhileTheApiServerIsAway() throws Exception {
        Keyring direct = open();
        try (BreakableLine line = BreakableLine.to(cluster.url())) {
            Path through =
                    Files.writeString(
                            folder.resolve("through.kubeconfig"),
                            Files.readString(kubeconfig).replace(cluster.url(), line.url()));
            Keyring keyring = open(through, folder.resolve("no-data"));
            String next = key(direct, KeyState.NEXT).kid();

            line.cut();
            direct.activate(next, true);
            assertThat(verifies(direct, sign(keyring))).isTrue();
            assertThatThrownBy(keyring::refresh).isInstanceOf(KeyringUnavailable.class);
            assertThatThrownBy(() -> keyring.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA))
                    .isInstanceOf(KeyringUnavailable.class)
                    .hasMessageContaining("cannot be reached")
                    .hasNoCause();
            assertThat(key(keyring, KeyState.NEXT).kid()).isEqualTo(next);

            line.mend();
            assertThat(keyring.refresh()).isTrue();
            assertThat(keyring.list()).isEqualTo(direct.list());
            assertThatThrownBy(
                            () -> {
                                line.cut();
                                open(through, folder.resolve("no-data"));
                            })
                    .as("none are made without the API server")
                    .isInstanceOf(KeyringUnavailable.class);
        }
    }

    @Test
    void aSecretOfSomebodyElseIsLeftAlone() {
        kubectl("create", "secret", "generic", NAME, "--from-literal=bridge.json=theirs");
        String before = stored();
        assertThatThrownBy(this::open)
                .isInstanceOf(KeyringUnavailable.class)
                .hasMessageContaining(namespace + "/" + NAME)
                .hasMessageContaining("of another type");
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void whatWasTamperedWithIsReportedAndLeftAsItIs() throws IOException {
        Keyring running = open();
        String good = kubectl("get", "secret", NAME, "--output=jsonpath={.data.bridge\\.json}");
        String text = new String(Base64.getDecoder().decode(good), UTF_8);
        String originals = kubectl("get", "secret", NAME, "--output=jsonpath={.data}");
        for (String patch :
                List.of(
                        entry("bridge.json", ""),
                        entry("bridge.json", "{"),
                        entry("bridge.json", text.replace("\"active\"", "\"next\"")),
                        entry("bridge.json", text.replace("\"bridge\"", "\"federation\"")),
                        entry("bridge.json", "x".repeat(300_000)),
                        entry("handle.key", "short"),
                        entry("extra.json", "{}"),
                        "{\"data\":{\"federation.json\":null}}")) {
            Path file = Files.writeString(folder.resolve("patch.json"), patch);
            kubectl("patch", "secret", NAME, "--type=merge", "--patch-file=" + file);
            String before = stored();
            assertThatThrownBy(this::open)
                    .as(patch.substring(0, Math.min(80, patch.length())))
                    .isInstanceOf(KeyringUnavailable.class)
                    .hasMessageContaining("the Secret " + namespace + "/" + NAME)
                    .hasMessageContaining("cannot be used")
                    .hasNoCause()
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
            assertThatThrownBy(running::refresh).isInstanceOf(KeyringUnavailable.class);
            assertThatThrownBy(() -> running.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA))
                    .isInstanceOf(KeyringUnavailable.class);
            assertThat(verifies(running, sign(running))).as("it goes on").isTrue();
            assertThat(stored()).isEqualTo(before);
            kubectl(
                    "patch",
                    "secret",
                    NAME,
                    "--type=json",
                    "--patch=[{\"op\":\"replace\",\"path\":\"/data\",\"value\":%s}]"
                            .formatted(originals));
        }
        running.refresh();
        assertThat(running.list()).isEqualTo(open().list());
    }

    private static String entry(String name, String text) {
        return "{\"data\":{\"%s\":\"%s\"}}"
                .formatted(name, Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    }

    @Test
    void aDeletedSecretStopsNobodyAndIsNotMadeAnewByWhoRuns() {
        Keyring running = open();
        byte[] code = running.handleKey().code("iss_1");
        kubectl("delete", "secret", NAME);
        assertThatThrownBy(running::refresh)
                .isInstanceOf(KeyringUnavailable.class)
                .hasMessageContaining("is gone");
        assertThatThrownBy(() -> running.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA))
                .isInstanceOf(KeyringUnavailable.class);
        assertThat(verifies(running, sign(running))).isTrue();
        assertThat(kubectl("get", "secrets")).doesNotContain(NAME);

        // Whoever starts makes new ones, and all go on with those.
        Keyring started = open();
        assertThat(running.refresh()).isTrue();
        assertThat(running.list()).isEqualTo(started.list());
        assertThat(running.handleKey().code("iss_1"))
                .isEqualTo(started.handleKey().code("iss_1"))
                .isNotEqualTo(code);
    }

    @Test
    void keysOfTheDataFolderMoveIntoTheSecretOnce() {
        Path data = folder.resolve("data");
        Keyring files = Keyring.open(data, KeyringSettings.DEFAULT, now::get);
        Secret token = sign(files);
        Keyring moved = open(kubeconfig, data);
        assertThat(moved.list()).isEqualTo(files.list());
        assertThat(moved.handleKey().code("iss_1")).isEqualTo(files.handleKey().code("iss_1"));
        assertThat(verifies(open(), token)).isTrue();
        // Another folder changes nothing any more.
        Path another = folder.resolve("another");
        Keyring.open(another, KeyringSettings.DEFAULT, now::get);
        assertThat(open(kubeconfig, another).list()).isEqualTo(files.list());
    }

    @Test
    @DisplayName("DESIGN 10: no private key in a log, at any level")
    void writesNoKeyToALog() {
        try (LeakCheck leaks = new LeakCheck()) {
            Path files = folder.resolve("data");
            Keyring.open(files, KeyringSettings.DEFAULT, now::get);
            Keyring keyring = open(kubeconfig, files);
            String data = kubectl("get", "secret", NAME, "--output=jsonpath={.data}");
            for (String entry : data.replaceAll("[{}\"]", "").split(",", -1)) {
                String encoded = entry.substring(entry.indexOf(':') + 1);
                leaks.secret("the entry " + entry.substring(0, 8), encoded);
                String text = new String(Base64.getDecoder().decode(encoded), UTF_8);
                Matcher key = Pattern.compile("\"private\" : \"([^\"]+)\"").matcher(text);
                while (key.find()) {
                    leaks.secret("a private key", key.group(1));
                }
            }
            keyring.upkeep();
            keyring.refresh();
            kubectl("patch", "secret", NAME, "--type=merge", "--patch=" + entry("x.json", "{"));
            assertThatThrownBy(keyring::refresh).isInstanceOf(KeyringUnavailable.class);
            leaks.sink("the keyring", keyring.list() + " " + events);
            leaks.assertNothingLeaked();
        }
    }

    @Test
    void saysWhichRightIsMissingAndQuotesNothing() {
        open();
        kubectl("create", "serviceaccount", "nobody");
        String token = kubectl("create", "token", "nobody").strip();
        assertThatThrownBy(() -> open(cluster.kubeconfig("nobody", token), folder))
                .isInstanceOf(KeyringUnavailable.class)
                .hasMessageContaining("403")
                .hasMessageContaining("get and patch")
                .hasNoCause();
    }
}
