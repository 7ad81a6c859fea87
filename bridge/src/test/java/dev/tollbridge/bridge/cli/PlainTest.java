package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlainTest {

    @Test
    void leavesNothingThatATerminalObeys() {
        assertThat(Plain.text("a\u001b[2Kb\u202ec\nd")).isEqualTo("a?[2Kb?c?d");
        assertThat(Plain.text("Grüße, 世界")).isEqualTo("Grüße, 世界");
    }

    @Test
    void timesAreSpansDaysOrMoments() {
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        assertThat(PastTime.parse("--since", "36h", now)).isEqualTo("2026-11-19T22:00:00Z");
        assertThat(PastTime.parse("--since", "2026-11-01", now)).isEqualTo("2026-11-01T00:00:00Z");
        assertThat(PastTime.parse("--since", "2026-11-01T02:03:04Z", now))
                .isEqualTo("2026-11-01T02:03:04Z");
        assertThat(PastTime.parse("--since", null, now)).isNull();
        assertThat(PastTime.span("--for", "30d")).isEqualTo(Duration.ofDays(30));
        for (String wrong : new String[] {"", "d", "1w", "-1d", "9999999d", "now", "1 d"}) {
            assertThatThrownBy(() -> PastTime.parse("--since", wrong, now))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("--since");
        }
    }
}
