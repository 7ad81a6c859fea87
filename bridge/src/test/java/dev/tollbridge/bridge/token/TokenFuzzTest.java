package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.token.DpopVerifier.NoncePolicy;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/// Whatever bytes come, the answer is a token or a refusal, and never another exception. Runs the
/// stored inputs as a test; with `JAZZER_FUZZ=1` it searches for more.
class TokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @FuzzTest
    void parsesOrRefusesAnyText(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            SubjectToken token = new TokenParser().parse(Secret.of(text));
            // What was taken has one spelling: written again it is what came.
            assertThat(
                            new String(token.signingInput(), StandardCharsets.US_ASCII)
                                    + "."
                                    + encode(token.signature()))
                    .isEqualTo(text);
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(RefusalReason.TOKEN_MALFORMED);
        }
    }

    /// As before, with the first layer taken off: the bytes are a payload.
    @FuzzTest
    void parsesOrRefusesAnyPayload(byte[] input) {
        parsesOrRefusesAnyText(
                ("eyJhbGciOiJSUzI1NiJ9." + encode(input) + ".AAAA")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /// The bytes are a proof's header, whose key is hostile too.
    @FuzzTest
    void refusesAnyProofHeader(byte[] input) {
        DpopVerifier verifier =
                new DpopVerifier(
                        KeyAdmission::admitProofKey,
                        new DpopNonces(InstantSource.fixed(NOW), new SplittableRandom(1)),
                        NoncePolicy.OPTIONAL,
                        10);
        String proof = encode(input) + ".e30." + encode(new byte[64]);
        try {
            verifier.verify(List.of(proof), "POST", "https://bridge.example/token", NOW, null);
            throw new AssertionError("a signature of zeros was taken");
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(RefusalReason.PROOF_INVALID);
        }
    }

    /// Any two URLs that are taken have one normal form, which normalises to itself.
    @FuzzTest
    void normalisesAnyUrlOnce(byte[] input) {
        String normal = HttpUri.normalised(new String(input, StandardCharsets.UTF_8));
        if (normal != null) {
            assertThat(HttpUri.normalised(normal)).isEqualTo(normal);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
