package dev.tollbridge.bridge.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The keyring in files")
class KeyringTest {

    private static final byte[] CLAIMS = "{\"sub\":\"somebody\"}".getBytes(UTF_8);

    @TempDir Path data;
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final List<KeyEvent> events = new ArrayList<>();
    private Keyring keyring;

    @BeforeAll
    static void makeRsaKeysQuickly() {
        CryptoProvider.install();
    }

    @BeforeEach
    void open() {
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock, events::add);
    }

    private Keyring another() {
        return Keyring.open(data, KeyringSettings.DEFAULT, clock);
    }

    private static KeyInfo key(Keyring keyring, KeyState state, SigningAlgorithm algorithm) {
        return keyring.list().stream()
                .filter(k -> k.issuer() == OwnIssuer.BRIDGE)
                .filter(k -> k.state() == state && k.algorithm() == algorithm)
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> published(Keyring keyring, OwnIssuer issuer) throws ParseException {
        return JWKSet.parse(new String(keyring.publicKeys(issuer).jwks(), UTF_8)).getKeys().stream()
                .map(JWK::getKeyID)
                .collect(Collectors.toSet());
    }

    private static Secret sign(Keyring keyring, SigningAlgorithm algorithm) {
        return keyring.signer(OwnIssuer.BRIDGE).sign(algorithm, "at+jwt", CLAIMS);
    }

    private static boolean verifies(Keyring keyring, Secret token) throws ParseException {
        JWSObject jws = JWSObject.parse(token.reveal());
        return keyring.publicKeys(OwnIssuer.BRIDGE)
                .verifies(
                        jws.getHeader().getKeyID(),
                        jws.getHeader().getAlgorithm().getName(),
                        jws.getSigningInput(),
                        jws.getSignature().decode());
    }

    private static String kid(Secret token) throws ParseException {
        return JWSObject.parse(token.reveal()).getHeader().getKeyID();
    }

    @Test
    void makesAnActiveAndANextKeyForEachIssuerOnFirstStart() throws Exception {
        assertThat(keyring.list())
                .extracting(KeyInfo::issuer, KeyInfo::algorithm, KeyInfo::state)
                .containsExactlyInAnyOrder(
                        tuple(OwnIssuer.BRIDGE, KeyState.ACTIVE),
                        tuple(OwnIssuer.BRIDGE, KeyState.NEXT),
                        tuple(OwnIssuer.FEDERATION, KeyState.ACTIVE),
                        tuple(OwnIssuer.FEDERATION, KeyState.NEXT));
        assertThat(published(keyring, OwnIssuer.BRIDGE)).hasSize(2);
        assertThat(published(keyring, OwnIssuer.FEDERATION))
                .hasSize(2)
                .doesNotContainAnyElementsOf(published(keyring, OwnIssuer.BRIDGE));
    }

    private static org.assertj.core.groups.Tuple tuple(OwnIssuer issuer, KeyState state) {
        return org.assertj.core.groups.Tuple.tuple(issuer, SigningAlgorithm.ES256, state);
    }

    @Test
    void keepsEverythingToItsOwner() throws IOException {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("keys"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(data.resolve("keys"))) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(file)))
                                    .as(file.toString())
                                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void closesFilesThatSomebodyOpenedToOthers() throws IOException {
        Path file = data.resolve("keys/bridge.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.setPosixFilePermissions(
                data.resolve("keys"), PosixFilePermissions.fromString("rwxrwxr-x"));
        another();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void hasTheSameKeysAfterARestart() throws Exception {
        Secret before = sign(keyring, SigningAlgorithm.ES256);
        Keyring reopened = another();
        assertThat(reopened.list()).isEqualTo(keyring.list());
        assertThat(verifies(reopened, before)).isTrue();
        assertThat(reopened.handleKey().code("iss_x")).isEqualTo(keyring.handleKey().code("iss_x"));
    }

    @Test
    void publishesNoPrivateMember() throws Exception {
        sign(keyring, SigningAlgorithm.RS256);
        sign(keyring, SigningAlgorithm.EDDSA);
        JWKSet set = JWKSet.parse(new String(keyring.publicKeys(OwnIssuer.BRIDGE).jwks(), UTF_8));
        assertThat(set.getKeys())
                .hasSize(4)
                .allSatisfy(jwk -> {
                    assertThat(jwk.isPrivate()).isFalse();
                    assertThat(jwk.getKeyUse().getValue()).isEqualTo("sig");
                    assertThat(jwk.getAlgorithm()).isNotNull();
                    assertThat(jwk.getKeyID()).isEqualTo(jwk.computeThumbprint().toString());
                });
    }

    @Test
    void signsWithEachAlgorithmAndVerifiesItsOwn() throws Exception {
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            Secret token = sign(keyring, algorithm);
            assertThat(verifies(keyring, token)).as(algorithm.joseName()).isTrue();
            JWSObject jws = JWSObject.parse(token.reveal());
            assertThat(jws.getHeader().toJSONObject())
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "alg",
                                    algorithm.joseName(),
                                    "typ",
                                    "at+jwt",
                                    "kid",
                                    key(keyring, KeyState.ACTIVE, algorithm).kid()));
        }
    }

    @Test
    void doesNotVerifyByAnotherAlgorithmNameThanTheKeysOwn() throws Exception {
        JWSObject jws = JWSObject.parse(sign(keyring, SigningAlgorithm.ES256).reveal());
        PublicKeys keys = keyring.publicKeys(OwnIssuer.BRIDGE);
        byte[] signature = jws.getSignature().decode();
        String kid = jws.getHeader().getKeyID();
        assertThat(keys.verifies(kid, "RS256", jws.getSigningInput(), signature)).isFalse();
        assertThat(keys.verifies(kid, "es256", jws.getSigningInput(), signature)).isFalse();
        assertThat(keys.verifies("x", "ES256", jws.getSigningInput(), signature)).isFalse();
        assertThat(keys.verifies(kid, "ES256", jws.getSigningInput(), new byte[64])).isFalse();
        assertThat(keys.verifies(kid, "ES256", jws.getSigningInput(), new byte[3])).isFalse();
    }

    @Test
    void theTwoIssuersDoNotVerifyEachOther() throws Exception {
        Secret federation =
                keyring.signer(OwnIssuer.FEDERATION).sign(SigningAlgorithm.ES256, "JWT", CLAIMS);
        assertThat(verifies(keyring, federation)).isFalse();
    }

    @Test
    void preparingAnAlgorithmPublishesItBeforeAnythingIsSigned() throws Exception {
        keyring.signer(OwnIssuer.BRIDGE).prepare(SigningAlgorithm.EDDSA);
        String kid = key(keyring, KeyState.ACTIVE, SigningAlgorithm.EDDSA).kid();
        assertThat(published(keyring, OwnIssuer.BRIDGE)).contains(kid);
        assertThat(kid(sign(keyring, SigningAlgorithm.EDDSA))).isEqualTo(kid);
    }

    @Test
    void aRetiredKeyVerifiesUntilItLeaves() throws Exception {
        Secret token = sign(keyring, SigningAlgorithm.ES256);
        keyring.activate(key(keyring, KeyState.NEXT, SigningAlgorithm.ES256).kid(), true);
        assertThat(verifies(keyring, token)).isTrue();
        assertThat(kid(sign(keyring, SigningAlgorithm.ES256))).isNotEqualTo(kid(token));
        assertThat(published(keyring, OwnIssuer.BRIDGE)).contains(kid(token));

        clock.advance(Duration.ofHours(25));
        keyring.upkeep();
        assertThat(verifies(keyring, token)).isFalse();
        assertThat(published(keyring, OwnIssuer.BRIDGE)).doesNotContain(kid(token));
    }

    @Test
    void aRevokedKeyLeavesAtOnceAndVerifiesNothing() throws Exception {
        Secret token = sign(keyring, SigningAlgorithm.ES256);
        KeyInfo revoked = keyring.revoke(kid(token));
        assertThat(revoked.state()).isEqualTo(KeyState.REVOKED);
        assertThat(verifies(keyring, token)).isFalse();
        assertThat(published(keyring, OwnIssuer.BRIDGE)).doesNotContain(kid(token));
        assertThat(verifies(keyring, sign(keyring, SigningAlgorithm.ES256))).isTrue();
    }

    @Test
    void upkeepStagesANextKeyForEveryAlgorithmInUse() throws Exception {
        keyring.signer(OwnIssuer.BRIDGE).prepare(SigningAlgorithm.EDDSA);
        keyring.upkeep();
        assertThat(key(keyring, KeyState.NEXT, SigningAlgorithm.EDDSA)).isNotNull();
        List<KeyInfo> after = keyring.list();
        keyring.upkeep();
        assertThat(keyring.list()).isEqualTo(after);
    }

    @Test
    void upkeepGivesTheFederationIssuerAnRs256Key() {
        keyring.upkeep();
        assertThat(keyring.list())
                .anyMatch(k ->
                        k.issuer() == OwnIssuer.FEDERATION
                                && k.algorithm() == SigningAlgorithm.RS256
                                && k.state() == KeyState.ACTIVE);
    }

    @Test
    void rotatesByItselfWhenTheTimeHasCome() throws Exception {
        String next = key(keyring, KeyState.NEXT, SigningAlgorithm.ES256).kid();
        clock.advance(Duration.ofDays(30));
        keyring.upkeep();
        assertThat(kid(sign(keyring, SigningAlgorithm.ES256))).isEqualTo(next);
    }

    @Test
    void noticesWhatAnotherProcessChanged() throws Exception {
        Keyring other = another();
        String next = key(other, KeyState.NEXT, SigningAlgorithm.ES256).kid();
        assertThat(keyring.refresh()).isFalse();
        events.clear();
        other.activate(next, true);
        assertThat(keyring.refresh()).isTrue();
        assertThat(kid(sign(keyring, SigningAlgorithm.ES256))).isEqualTo(next);
        assertThat(events)
                .extracting(e -> e.key().state(), KeyEvent::from)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(KeyState.RETIRED, KeyState.ACTIVE),
                        org.assertj.core.groups.Tuple.tuple(KeyState.ACTIVE, KeyState.NEXT));
    }

    @Test
    void watchingNoticesByItself() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        try (Keyring watching =
                Keyring.open(
                        data,
                        KeyringSettings.DEFAULT,
                        clock,
                        event -> {
                            if (event.key().state() == KeyState.REVOKED) {
                                noticed.countDown();
                            }
                        })) {
            watching.watch();
            keyring.revoke(key(keyring, KeyState.ACTIVE, SigningAlgorithm.ES256).kid());
            assertThat(noticed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void changesWhatTheFileHoldsAndNotWhatItRemembers() throws Exception {
        Keyring other = another();
        KeyInfo staged = other.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA);
        keyring.revoke(key(keyring, KeyState.ACTIVE, SigningAlgorithm.ES256).kid());
        assertThat(keyring.list()).extracting(KeyInfo::kid).contains(staged.kid());
    }

    @Test
    void tellsOfTheFirstKeysToo() {
        assertThat(events).hasSize(4).allMatch(e -> e.from() == null);
    }

    @Test
    void aListenerThatFailsUndoesNothing() throws Exception {
        Keyring loud =
                Keyring.open(
                        data,
                        KeyringSettings.DEFAULT,
                        clock,
                        event -> {
                            throw new IllegalStateException("no record");
                        });
        String kid = loud.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA).kid();
        assertThat(another().list()).extracting(KeyInfo::kid).contains(kid);
    }

    @Test
    void refusesADamagedFileAndLeavesItAsItIs() throws IOException {
        Path file = data.resolve("keys/bridge.json");
        String good = Files.readString(file);
        for (String bad :
                List.of(
                        "",
                        "{",
                        good.substring(0, good.length() / 2),
                        good.replace("\"version\" : 1", "\"version\" : 2"),
                        good.replace("\"bridge\"", "\"federation\""),
                        good.replace("\"active\"", "\"next\""),
                        good.replace("\"active\"", "\"sleeping\""),
                        good.replace("\"ES256\"", "\"HS256\""),
                        good.replaceFirst("\"private\" : \"....", "\"private\" : \"AAAA"),
                        good.replaceFirst("\"kid\" : \"...", "\"kid\" : \"xyz"))) {
            Files.writeString(file, bad);
            assertThatThrownBy(this::another)
                    .isInstanceOf(KeyringUnavailable.class)
                    .hasMessageContaining("bridge.json cannot be used");
            assertThat(Files.readString(file)).isEqualTo(bad);
        }
    }

    @Test
    void goesOnWithItsKeysWhenTheFileBecomesDamaged() throws Exception {
        Files.writeString(data.resolve("keys/bridge.json"), "{");
        assertThatThrownBy(() -> keyring.refresh()).isInstanceOf(KeyringUnavailable.class);
        assertThat(verifies(keyring, sign(keyring, SigningAlgorithm.ES256))).isTrue();
        assertThatThrownBy(() -> keyring.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA))
                .isInstanceOf(KeyringUnavailable.class);
        assertThat(Files.readString(data.resolve("keys/bridge.json"))).isEqualTo("{");
    }

    @Test
    void refusesAHandleKeyOfTheWrongLength() throws IOException {
        Files.writeString(data.resolve("keys/handle.key"), "short");
        assertThatThrownBy(this::another)
                .isInstanceOf(KeyringUnavailable.class)
                .hasMessageContaining("handle.key");
    }

    @Test
    void aCrashWhileWritingLeavesTheOldKeys() throws Exception {
        List<KeyInfo> before = keyring.list();
        Path half = data.resolve("keys/.bridge.json.new");
        Files.writeString(
                half, Files.readString(data.resolve("keys/bridge.json")).substring(0, 99));
        Keyring after = another();
        assertThat(after.list()).isEqualTo(before);
        after.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA);
        assertThat(half).doesNotExist();
        assertThat(another().list()).hasSize(before.size() + 1);
    }

    @Test
    void aCrashBetweenTheFirstFilesLeavesAKeyringThatOpens() throws Exception {
        Set<String> bridge = published(keyring, OwnIssuer.BRIDGE);
        Files.delete(data.resolve("keys/federation.json"));
        Keyring after = another();
        assertThat(published(after, OwnIssuer.BRIDGE)).isEqualTo(bridge);
        assertThat(published(after, OwnIssuer.FEDERATION)).hasSize(2);
    }

    @Test
    void keepsNoPrivateHalfOfWhatHasEnded() throws Exception {
        Path file = data.resolve("keys/bridge.json");
        String active = key(keyring, KeyState.ACTIVE, SigningAlgorithm.ES256).kid();
        assertThat(Files.readString(file).split("\"private\"", -1)).hasSize(3);
        keyring.revoke(active);
        assertThat(Files.readString(file).split("\"private\"", -1)).hasSize(2);
    }

    @Test
    void everyTokenVerifiesWhileKeysRotate() throws Exception {
        Map<String, Boolean> kids = new ConcurrentHashMap<>();
        CountDownLatch started = new CountDownLatch(4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> signing = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                signing.add(
                        threads.submit(() -> {
                            started.countDown();
                            for (int i = 0; i < 100; i++) {
                                Secret token = sign(keyring, SigningAlgorithm.ES256);
                                assertThat(verifies(keyring, token)).isTrue();
                                kids.put(kid(token), true);
                            }
                            return null;
                        }));
            }
            started.await();
            for (int i = 0; i < 10; i++) {
                keyring.activate(key(keyring, KeyState.NEXT, SigningAlgorithm.ES256).kid(), true);
                keyring.stage(OwnIssuer.BRIDGE, SigningAlgorithm.ES256);
            }
            for (Future<?> done : signing) {
                done.get();
            }
        }
        assertThat(kids).isNotEmpty();
        assertThat(another().list()).isEqualTo(keyring.list());
    }

    @Test
    void twoProcessesThatChangeAtOnceLoseNothing() throws Exception {
        Keyring other = another();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeyInfo> one =
                    threads.submit(() -> keyring.stage(OwnIssuer.BRIDGE, SigningAlgorithm.EDDSA));
            Future<KeyInfo> two =
                    threads.submit(() -> other.stage(OwnIssuer.FEDERATION, SigningAlgorithm.EDDSA));
            Future<?> three =
                    threads.submit(
                            () -> other.signer(OwnIssuer.BRIDGE).prepare(SigningAlgorithm.RS256));
            three.get();
            assertThat(another().list())
                    .extracting(KeyInfo::kid)
                    .contains(one.get().kid(), two.get().kid());
        }
    }

    @Test
    void printsNoKey() throws Exception {
        String text = keyring.list() + " " + events + " " + keyring.handleKey();
        SigningKey key = KeyMaker.make(SigningAlgorithm.ES256, clock.instant());
        text += key + " " + new Keys(OwnIssuer.BRIDGE, List.of(key));
        assertThat(text)
                .doesNotContain("private")
                .doesNotContain(
                        java.util.Base64.getEncoder()
                                .encodeToString(requireNonNull(key.privateKey()).getEncoded())
                                .substring(40, 60));
    }
}
