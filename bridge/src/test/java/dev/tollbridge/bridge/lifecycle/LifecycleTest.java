package dev.tollbridge.bridge.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.KeyState;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Introspection and revocation")
class LifecycleTest {

    private static final String ISSUER = "https://bridge.example";
    private static final String ID = "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2C";
    private static final String OTHER = "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2D";
    private static final Map<String, Object> INACTIVE = Map.of("active", false);

    @TempDir Path data;
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private boolean switchedOff;
    private Keyring keyring;
    private final OneIssuance ledger = new OneIssuance(ID);
    private LedgerIntrospection introspection;
    private LedgerRevocation revocation;

    @BeforeEach
    void open() {
        InstantSource clock = () -> now;
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock);
        introspection =
                new LedgerIntrospection(
                        keyring.publicKeys(OwnIssuer.BRIDGE),
                        ISSUER,
                        ledger,
                        record -> switchedOff,
                        clock);
        revocation =
                new LedgerRevocation(
                        keyring.publicKeys(OwnIssuer.BRIDGE),
                        ISSUER,
                        keyring.handleKey(),
                        ledger,
                        ProviderSide.NONE,
                        clock);
    }

    private Secret handleFor(String issuance) {
        return new RevocationHandles(keyring.handleKey()).of(issuance, null);
    }

    private String claims(String issuer, String id) {
        long iat = now.getEpochSecond();
        return """
        {"iss":"%s","sub":"github:repo:1","aud":"https://api.example","client_id":"payments-deploy",\
        "iat":%d,"exp":%d,"jti":"%s","scope":"a b"}\
        """
                .formatted(issuer, iat, iat + 600, id);
    }

    private Secret token() {
        return sign(OwnIssuer.BRIDGE, "at+jwt", claims(ISSUER, ID));
    }

    private Secret sign(OwnIssuer issuer, String type, String claims) {
        return keyring.signer(issuer).sign(SigningAlgorithm.ES256, type, claims.getBytes(UTF_8));
    }

    @Test
    void tellsWhatATokenIsThatCounts() {
        long iat = now.getEpochSecond();
        assertThat(introspection.introspect(token()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("active", true),
                                Map.entry("iss", ISSUER),
                                Map.entry("sub", "github:repo:1"),
                                Map.entry("aud", "https://api.example"),
                                Map.entry("client_id", "payments-deploy"),
                                Map.entry("scope", "a b"),
                                Map.entry("iat", iat),
                                Map.entry("exp", iat + 600),
                                Map.entry("jti", ID),
                                Map.entry("token_type", "Bearer"),
                                Map.entry("issuance", ID),
                                Map.entry("target", "internal-api"),
                                Map.entry("grant", "payments-deploy")));
    }

    @Test
    void tellsTheKeyATokenIsBoundTo() {
        String bound = claims(ISSUER, ID).replace("\"scope\"", "\"cnf\":{\"jkt\":\"t\"},\"scope\"");
        assertThat(introspection.introspect(sign(OwnIssuer.BRIDGE, "at+jwt", bound)))
                .containsEntry("token_type", "DPoP")
                .containsEntry("cnf", Map.of("jkt", "t"));
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: an issuance the ledger does not know is inactive")
    void rule4_unknownToTheLedgerIsInactive() {
        Secret token = sign(OwnIssuer.BRIDGE, "at+jwt", claims(ISSUER, OTHER));
        assertThat(introspection.introspect(token)).isEqualTo(INACTIVE);
    }

    @Test
    void onlyWhatWasIssuedIsActive() {
        Secret token = token();
        for (IssuanceState.Status status : IssuanceState.Status.values()) {
            ledger.status = status;
            assertThat(introspection.introspect(token).get("active"))
                    .as(status.name())
                    .isEqualTo(status == IssuanceState.Status.ISSUED);
        }
    }

    @Test
    void isInactiveFromItsEndOn() {
        Secret token = token();
        now = now.plusSeconds(599);
        assertThat(introspection.introspect(token)).containsEntry("active", true);
        now = now.plusSeconds(1);
        assertThat(introspection.introspect(token)).isEqualTo(INACTIVE);
    }

    @Test
    void isInactiveOnceWhatItRestsOnIsSwitchedOff() {
        switchedOff = true;
        assertThat(introspection.introspect(token())).isEqualTo(INACTIVE);
    }

    @Test
    void staysActiveWhenItsKeyIsRetiredAndEndsWhenItIsRevoked() throws Exception {
        Secret token = token();
        String active = kid(KeyState.ACTIVE);
        keyring.activate(kid(KeyState.NEXT), true);
        assertThat(introspection.introspect(token)).containsEntry("active", true);
        keyring.revoke(active);
        assertThat(introspection.introspect(token)).isEqualTo(INACTIVE);
        assertThat(revocation.revoke(token, "caller").now()).isFalse();
    }

    private String kid(KeyState state) {
        return keyring.list().stream()
                .filter(k -> k.issuer() == OwnIssuer.BRIDGE && k.state() == state)
                .findFirst()
                .orElseThrow()
                .kid();
    }

    @Test
    void believesNothingItWouldNotHaveWritten() {
        String good = token().reveal();
        String[] part = good.split("\\.");
        String none = encoded("{\"alg\":\"none\",\"typ\":\"at+jwt\"}");
        List<String> bad =
                List.of(
                        "",
                        ".",
                        "..",
                        "...",
                        "x.y.z",
                        good + ".",
                        good + "=",
                        good + " ",
                        good.substring(0, good.length() - 1),
                        part[0] + "." + part[1] + ".",
                        none + "." + part[1] + ".",
                        none + "." + part[1] + "." + part[2],
                        part[0] + "." + encoded(claims(ISSUER, OTHER)) + "." + part[2],
                        part[0] + "." + part[1] + "." + "A".repeat(86),
                        "A".repeat(20_000),
                        good.replace('.', '\u0130'));
        for (String text : bad) {
            assertThat(introspection.introspect(Secret.of(text))).isEqualTo(INACTIVE);
            assertThat(revocation.revoke(Secret.of(text), "caller")).isEqualTo(Revoked.NOTHING);
        }
        assertThat(ledger.revoked).isEmpty();
    }

    @Test
    void anotherTypeOrIssuerIsNotACallersToken() {
        for (Secret token :
                List.of(
                        sign(OwnIssuer.BRIDGE, "JWT", claims(ISSUER, ID)),
                        sign(OwnIssuer.BRIDGE, "at+jwt", claims(ISSUER + "/", ID)),
                        sign(OwnIssuer.FEDERATION, "at+jwt", claims(ISSUER, ID)),
                        sign(OwnIssuer.BRIDGE, "at+jwt", "{\"iss\":\"" + ISSUER + "\"}"),
                        sign(OwnIssuer.BRIDGE, "at+jwt", "[]"))) {
            assertThat(introspection.introspect(token)).isEqualTo(INACTIVE);
            assertThat(revocation.revoke(token, "caller").now()).isFalse();
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: the credential itself ends its issuance, and only that")
    void rule8_revokesByTheCredential() {
        Secret token = token();
        assertThat(revocation.revoke(token, "caller").issuance()).isEqualTo(ID);
        assertThat(ledger.revoked).containsExactly(ID + " by caller");
        assertThat(introspection.introspect(token)).isEqualTo(INACTIVE);
        assertThat(revocation.revoke(token, "caller").now()).isFalse();
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: the handle ends its issuance, and only that")
    void rule8_revokesByTheHandle() {
        Secret handle = handleFor(ID);
        assertThat(handle.reveal()).matches("rvk_01JD7W3V5P8Q2R4T6Y8Z0A1B2C_[A-Za-z0-9_-]{22}");
        assertThat(revocation.revoke(handle, "caller").issuance()).isEqualTo(ID);
        assertThat(ledger.revoked).containsExactly(ID + " by caller");
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: a handle for what the ledger does not know changes nothing")
    void rule8_ignoresAHandleOfAnUnknownIssuance() {
        assertThat(revocation.revoke(handleFor(OTHER), "caller")).isEqualTo(Revoked.NOTHING);
        assertThat(ledger.revoked).isEmpty();
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: nobody makes a handle but the bridge")
    void rule8_ignoresForgedHandles(@TempDir Path elsewhere) {
        String good = handleFor(ID).reveal();
        Keyring stranger =
                Keyring.open(elsewhere, KeyringSettings.DEFAULT, InstantSource.fixed(now));
        List<String> forged =
                List.of(
                        ID,
                        "rvk_",
                        good.substring(0, good.length() - 1),
                        good + "A",
                        good.replace("rvk_", "iss_"),
                        good.replace("A1B2C_", "A1B2D_"),
                        good.substring(0, 30) + "_" + "A".repeat(22),
                        good.substring(0, good.length() - 1) + "\u0130",
                        new RevocationHandles(stranger.handleKey()).of(ID, null).reveal());
        for (String text : forged) {
            assertThat(revocation.revoke(Secret.of(text), "caller"))
                    .as("a forged handle")
                    .isEqualTo(Revoked.NOTHING);
        }
        assertThat(ledger.revoked).isEmpty();
    }

    @Test
    void handlesSurviveARestartAndAKeyRotation() throws Exception {
        Secret handle = handleFor(ID);
        keyring.activate(kid(KeyState.NEXT), true);
        Keyring reopened = Keyring.open(data, KeyringSettings.DEFAULT, InstantSource.fixed(now));
        assertThat(new RevocationHandles(reopened.handleKey()).read(handle))
                .isEqualTo(new RevocationHandles.Shown(ID, null));
    }
}
