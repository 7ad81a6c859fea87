package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollbridge.bridge.target.TargetRequest;
import java.util.List;

/// Runs over its seeds as a test; fuzzes with `JAZZER_FUZZ=1`.
class SessionBodyFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void aBodyIsReadOrRefused(byte[] body) {
        look(body, true);
        look(body, false);
    }

    private static void look(byte[] body, boolean json) {
        SessionBody read;
        try {
            read = json ? SessionBody.json(body) : SessionBody.form(body);
        } catch (BadRequest e) {
            assertThat(e.sentence()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
            return;
        }
        assertThat(read.handle()).isNotEmpty();
        assertThat(read.toString()).doesNotContain(read.handle() + " ").isEqualTo("SessionBody");
        if (read.attempt() != null) {
            assertThat(read.attempt()).matches("[A-Za-z0-9_-]{22,128}");
        }
        List<TargetRequest> targets = read.targets();
        if (targets != null) {
            assertThat(targets).hasSizeLessThanOrEqualTo(16);
            for (TargetRequest target : targets) {
                assertThat(target.audiences().size() + target.resources().size()).isEqualTo(1);
            }
        }
    }
}
