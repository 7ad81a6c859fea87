package dev.tollbridge.bridge.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who does the arithmetic")
class CryptoProviderTest {

    @Test
    void saysTruthfullyWhoItIs() {
        CryptoProvider installed = CryptoProvider.install();
        assertThat(CryptoProvider.install()).isEqualTo(installed);
        assertThat(Security.getProviders()[0].getName().equals("AmazonCorrettoCryptoProvider"))
                .isEqualTo(installed == CryptoProvider.CORRETTO);
    }

    @Test
    void keysMadeByOneProviderWorkWithTheOther() throws Exception {
        CryptoProvider.install();
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            SigningKey key = KeyMaker.make(algorithm, java.time.Instant.EPOCH);
            Keys keys = new Keys(OwnIssuer.BRIDGE, java.util.List.of(key));
            // Another provider would read exactly these bytes on another platform.
            Keys read = KeyFile.read(OwnIssuer.BRIDGE, KeyFile.write(keys));
            assertThat(read.keys()).extracting(SigningKey::kid).containsExactly(key.kid());
        }
    }
}
