package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.Issuers;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DESIGN 14 rule 11: a cnf in the subject token is enforced")
class KeyBindingTest {

    private static final String THIS = "A".repeat(43);
    private static final String OTHER = "B".repeat(43);

    private static VerifiedToken bound(@Nullable Object confirmation) {
        Map<String, @Nullable Object> claims = new HashMap<>();
        claims.put("cnf", confirmation);
        return token(claims);
    }

    private static VerifiedToken token(Map<String, @Nullable Object> claims) {
        return new VerifiedToken(
                new Issuers().build(), new Claims(claims), "f", "j", Instant.EPOCH, Instant.EPOCH);
    }

    private static void refuses(RefusalReason reason, @Nullable Object cnf, SenderProof proof) {
        Refused.expect(reason, THIS, () -> KeyBinding.enforce(bound(cnf), proof));
    }

    private static void takes(VerifiedToken token, SenderProof proof) {
        assertThatCode(() -> KeyBinding.enforce(token, proof)).doesNotThrowAnyException();
    }

    @Test
    void rule11_letsATokenThatIsNotBoundPass() {
        takes(token(Map.of()), SenderProof.NONE);
        takes(token(Map.of()), new SenderProof(THIS, OTHER));
    }

    @Test
    void rule11_takesTheKeyTheTokenIsBoundTo() {
        takes(bound(Map.of("jkt", THIS)), new SenderProof(THIS, null));
        takes(bound(Map.of("x5t#S256", THIS)), new SenderProof(OTHER, THIS));
        takes(bound(Map.of("jkt", THIS, "x5t#S256", OTHER)), new SenderProof(THIS, OTHER));
    }

    @Test
    void rule11_asksForTheProofThatIsMissing() {
        refuses(RefusalReason.PROOF_REQUIRED, Map.of("jkt", THIS), SenderProof.NONE);
        refuses(RefusalReason.PROOF_REQUIRED, Map.of("jkt", THIS), new SenderProof(null, THIS));
        refuses(
                RefusalReason.PROOF_REQUIRED,
                Map.of("x5t#S256", THIS),
                new SenderProof(THIS, null));
    }

    @Test
    void rule11_refusesAnotherKey() {
        refuses(RefusalReason.PROOF_INVALID, Map.of("jkt", THIS), new SenderProof(OTHER, THIS));
        refuses(
                RefusalReason.PROOF_INVALID,
                Map.of("x5t#S256", THIS),
                new SenderProof(THIS, OTHER));
        refuses(
                RefusalReason.PROOF_INVALID,
                Map.of("jkt", THIS, "x5t#S256", THIS),
                new SenderProof(THIS, OTHER));
    }

    @Test
    void rule11_refusesWhatItCannotEnforce() {
        SenderProof proof = new SenderProof(THIS, THIS);
        for (Object cnf :
                List.of(
                        "jkt",
                        List.of(THIS),
                        Map.of(),
                        Map.of("jkt", 5),
                        Map.of("jkt", ""),
                        Map.of("jkt", THIS + "="),
                        Map.of("jwk", Map.of("kty", "EC")),
                        Map.of("kid", "k"),
                        Map.of("jkt", THIS, "jku", "https://issuer.example"))) {
            refuses(RefusalReason.PROOF_INVALID, cnf, proof);
        }
        refuses(RefusalReason.PROOF_INVALID, null, proof);
        refuses(RefusalReason.PROOF_INVALID, Collections.singletonMap("jkt", null), proof);
    }
}
