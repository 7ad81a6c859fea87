package dev.tollbridge.webhook.detect.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.detect.parse.Budget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Contents that were made to take long: the work is counted, and grows with the size, not with
/// what is in it.
class BoundsTest {

    private static final StandardDetectors DETECTORS =
            StandardDetectors.shipped(
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)));

    private static final String ANCHORS = "refresh_token access_token ";

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                of("deep JSON", n -> "{\"refresh_token\":".repeat(n / 17)),
                of("deep lists", n -> "[".repeat(n) + "refresh_token"),
                of("many documents", n -> "{\"refresh_token\":1}".repeat(n / 19)),
                of("deep YAML", n -> "refresh_token:\n" + "- ".repeat(n / 2)),
                of("flow YAML", n -> "refresh_token: " + "{a: ".repeat(n / 4)),
                of("braces in text", n -> ANCHORS + "\n{\"".repeat(n / 3)),
                of("balanced braces in text", n -> ANCHORS + "\n{\"a\" }".repeat(n / 7)),
                of("quotes that never close", n -> "refresh_token=\"\"\"\n".repeat(n / 18)),
                of("quoted lines", n -> "refresh_token=\"\n".repeat(n / 16)),
                of("beginnings of tokens", n -> "gho_".repeat(n / 4)),
                of("beginnings of JWTs", n -> "eyJ".repeat(n / 3)),
                of("beginnings of JWTs with dots", n -> "eyJ.".repeat(n / 4)),
                of("almost Entra tokens", n -> "0.A".repeat(n / 3)),
                of("almost long Entra tokens", n -> ("0.A" + "x".repeat(400)).repeat(n / 403)),
                of("almost auth URLs", n -> "force://a:b:".repeat(n / 12)),
                of("one word", n -> "a".repeat(n)),
                of("base64 of base64", n -> nested(n)),
                of("logins", n -> "#!/bin/sh\n" + "az login ".repeat(n / 9)),
                of("options", n -> "#!/bin/sh\naz " + "-x ".repeat(n / 3) + "login"),
                of("sections", n -> "[a.refresh_token]\n".repeat(n / 18)),
                of(
                        "pivots",
                        n ->
                                "{\"users\":["
                                        + "{\"users\":{\"refresh-token\":1}},".repeat(n / 30)
                                        + "1]}"),
                of("escapes", n -> "{\"" + "\\u0061".repeat(n / 6) + "\":1}"));
    }

    private static Arguments of(String name, IntFunction<String> text) {
        return Arguments.of(name, text);
    }

    private static String nested(int size) {
        byte[] bytes = text(ANCHORS.repeat(Math.max(1, size / 100)));
        while (bytes.length < size / 2) {
            bytes = Base64.getEncoder().encode(bytes);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void workGrowsWithTheSizeAlone(String name, IntFunction<String> text) {
        long small = spent(text.apply(10_000));
        long large = spent(text.apply(100_000));

        // Linear, with some room: ten times the size, and not a hundred times the work.
        assertThat(large).as(name).isLessThan(20 * small + 200_000);
        assertThat(large).as("steps for each byte").isLessThan(60L * 100_000);
    }

    private static long spent(String text) {
        byte[] bytes = text(text);
        Budget budget = DETECTORS.budget(bytes.length);
        DETECTORS.judge(Content.file("blob", bytes), budget);
        return budget.spent();
    }

    @Test
    void aYamlBombStaysAsSmallAsItWasWritten() {
        StringBuilder bomb = new StringBuilder("refresh_token: x\na0: &a0 [x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s, %s, %s]\n".formatted(i, i, before, before, before));
        }

        assertThat(spent(bomb.toString())).isLessThan(100_000);
    }

    @Test
    void aYamlThatHoldsItselfEnds() {
        assertThat(spent("refresh_token: &a\n  again: *a\n  users: *a\n")).isLessThan(10_000);
    }

    @Test
    void bombsOfArchivesAreLeftWithAWord() throws IOException {
        byte[] zeros = new byte[64 << 20];
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write(zeros);
        }
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("zeros"));
            out.write(zeros);
        }
        for (byte[] bomb : new byte[][] {gzip.toByteArray(), zip.toByteArray()}) {
            Budget budget = DETECTORS.budget(bomb.length);
            Judgement judgement = DETECTORS.judge(Content.file("bomb", bomb), budget);

            assertThat(judgement.uninspected())
                    .extracting(Uninspected::reason)
                    .containsExactly(Uninspected.Reason.EXPANDS_TOO_MUCH);
            assertThat(budget.spent()).isLessThan(20L << 20);
        }
    }

    @Test
    void archivesInArchivesEnd() throws IOException {
        byte[] bytes = text("gho_Zx9QvN2mK7pLr4TtYw8BcD3fGh6JkS1aUe5o");
        for (int i = 0; i < 12; i++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            }
            bytes = out.toByteArray();
        }

        assertThat(DETECTORS.judge(Content.file("deep", bytes)).uninspected())
                .extracting(Uninspected::reason)
                .containsExactly(Uninspected.Reason.TOO_DEEP);
    }

    @Test
    void sevenMegabytesAreJudged() {
        String line =
                "{\"id\": 1, \"refresh_token\": null, \"name\": \"an ordinary record of an export\"},\n";
        byte[] bytes =
                text(
                        "["
                                + line.repeat((7 << 20) / line.length())
                                + "{\"refresh_token\": \"1//0gZx9QvN2mK7pLr4TtYw8BcD3fGh6JkS1aUe5o\", \"access_token\": \"Zx9QvN2mK7pLr4TtYw8Bc\"}]");

        Judgement judgement = DETECTORS.judge(Content.key("export.json", bytes));

        assertThat(judgement.uninspected()).isEmpty();
        assertThat(judgement.blocks()).isTrue();
    }
}
