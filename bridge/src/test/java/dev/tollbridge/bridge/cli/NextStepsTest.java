package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NextStepsTest {

    @ParameterizedTest
    @EnumSource
    void areTheWordsOfThePage(RefusalReason reason) throws IOException {
        String page = Files.readString(Path.of("../docs/reasons.md"));
        RefusalReason told =
                reason == RefusalReason.TARGET_UNKNOWN ? RefusalReason.GRANT_MISSING : reason;
        String section = page.substring(page.indexOf("## `" + told.code() + "`"));
        String mark = "**What the caller does.** ";
        int from = section.indexOf(mark) + mark.length();
        String words = section.substring(from, section.indexOf('\n', from)).replace("`", "");
        assertThat(NextSteps.of(reason))
                .isEqualTo(words.replace("Bearer  before", "Bearer before"));
        assertThat(NextSteps.of(reason.code())).isEqualTo(NextSteps.of(reason));
    }

    @Test
    void ofANewerBridgesReasonsAreNotKnown() {
        assertThat(NextSteps.of("something_new")).isNull();
    }
}
