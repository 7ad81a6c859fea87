package dev.tollbridge.bridge.token.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;

/// Whatever an issuer's server sends, the outcome is a set or a refusal.
class KeyAdmissionFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void anyBytesAreASetOrARefusal(byte[] jwks) {
        try {
            AdmittedKeys keys =
                    KeyAdmission.admit(jwks, Set.of("RS256", "PS256", "ES256", "EdDSA"));
            assertThat(keys.count() + keys.skipped().size())
                    .isLessThanOrEqualTo(KeyAdmission.MAX_KEYS);
        } catch (NotKeys e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }
}
