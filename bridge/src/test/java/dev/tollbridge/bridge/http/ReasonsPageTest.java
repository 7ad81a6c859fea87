package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonsPageTest {

    private static String page = "";

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("../docs/reasons.md"));
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasItsSection(RefusalReason reason) {
        int from = page.indexOf("## `" + reason.code() + "`\n");
        assertThat(from).as("section of " + reason.code()).isNotNegative();
        int to = page.indexOf("\n## ", from + 1);
        String section = page.substring(from, to < 0 ? page.length() : to);
        assertThat(section)
                .contains(ErrorMapping.error(reason, false, false, false))
                .contains("| status | " + ErrorMapping.status(reason))
                .contains("**What it means.**", "**What the caller does.**")
                .contains("**What the operator sees.**");
    }

    @Test
    void noSectionIsAboutAReasonThatDoesNotExist() {
        assertThat(page.split("\n## `", -1)).hasSize(RefusalReason.values().length + 1);
    }
}
