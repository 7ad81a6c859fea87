package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashSet;
import java.util.Set;

/// Runs over its seeds as a test; fuzzes with `JAZZER_FUZZ=1`.
class StrictFormFuzzTest {

    private static final String[] NAMES = {"grant_type", "subject_token", "scope", "audience", "a"};

    @FuzzTest(maxDuration = "60s")
    void readsCleanTextOrRefuses(byte[] body) {
        StrictForm form;
        try {
            form = StrictForm.parse(body);
        } catch (BadRequest e) {
            assertThat(e.sentence()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
            return;
        }
        assertThat(form.size()).isLessThanOrEqualTo(64);
        Set<String> seen = new HashSet<>();
        for (String name : NAMES) {
            String one = form.one(name);
            if (one != null) {
                seen.add(name);
                assertThat(one).isNotEmpty();
                assertThat(one.chars()).noneMatch(Character::isISOControl);
            }
            assertThat(form.all(name)).doesNotContain("");
        }
        assertThat(seen.size()).isLessThanOrEqualTo(form.size());
    }
}
