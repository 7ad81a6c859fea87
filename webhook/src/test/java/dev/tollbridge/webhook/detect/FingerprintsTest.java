package dev.tollbridge.webhook.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

    private static Fingerprints keyed(String key) {
        return Fingerprints.keyed(key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theSameValueUnderTheSameKeyIsTheSame() {
        Fingerprints fingerprints = keyed("sixteen bytes or more");

        assertThat(fingerprints.of("value")).hasSize(32).isEqualTo(fingerprints.of("value"));
        assertThat(fingerprints.of("value")).isNotEqualTo(fingerprints.of("another"));
    }

    @Test
    void anotherKeyGivesAnother() {
        assertThat(keyed("sixteen bytes or more").of("value"))
                .isNotEqualTo(keyed("another sixteen bytes").of("value"));
    }

    @Test
    void refusesAKeyThatCanBeGuessed() {
        assertThatThrownBy(() -> keyed("short")).isInstanceOf(IllegalArgumentException.class);
    }
}
