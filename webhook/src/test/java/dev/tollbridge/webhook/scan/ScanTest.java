package dev.tollbridge.webhook.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {

    private static final String KEY = "00".repeat(31) + "01";
    // Put together here, so that no scanner of this repository takes it for somebody's.
    private static final String TOKEN = "gho_" + "Zx9QvN2mK7pLr4TtYw8BcD3fGh6JkS1aUe5o";
    private static final StandardDetectors DETECTORS =
            StandardDetectors.shipped(Fingerprints.keyed(HexFormat.of().parseHex(KEY)));

    @TempDir Path folder;

    private ScanReport scan(Path... paths) {
        return new Scan(DETECTORS, 2, new Progress()).run(List.of(paths), Baseline.none(KEY));
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void givesTheSameReportHoweverManyWorkers() throws IOException {
        for (int i = 0; i < 200; i++) {
            file("d" + i % 7 + "/f" + i + ".env", "GH_TOKEN=" + TOKEN + i);
        }

        ScanReport one =
                new Scan(DETECTORS, 1, new Progress()).run(List.of(folder), Baseline.none(KEY));
        ScanReport many =
                new Scan(DETECTORS, 8, new Progress()).run(List.of(folder), Baseline.none(KEY));

        assertThat(one.findings()).hasSize(200).isEqualTo(many.findings());
        assertThat(one.files()).isEqualTo(200);
    }

    @Test
    void doesNotFollowLinks() throws IOException {
        Path outside = file("outside/secret.env", "GH_TOKEN=" + TOKEN);
        Path inside = Files.createDirectories(folder.resolve("inside"));
        Files.createSymbolicLink(inside.resolve("link.env"), outside);
        Files.createSymbolicLink(inside.resolve("self"), inside);

        assertThat(scan(inside).findings()).isEmpty();
        assertThat(scan(inside.resolve("link.env")).findings()).as("one that was named").hasSize(1);
    }

    @Test
    void listsWhatCannotBeRead() throws IOException {
        ScanReport report = scan(folder.resolve("gone"));

        assertThat(report.notInspected())
                .containsExactly(
                        new NotInspected(folder.resolve("gone").toString(), "", "cannot be read"));
    }

    @Test
    void listsWhatCannotBeUnpacked() throws IOException {
        Files.write(folder.resolve("a.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3, 4});
        Files.write(folder.resolve("b.xz"), new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0});
        file("c.vault", "$ANSIBLE_VAULT;1.1;AES256\n3132\n");

        assertThat(scan(folder).notInspected())
                .extracting(NotInspected::reason)
                .containsExactly(
                        "damaged or of an unknown form",
                        "damaged or of an unknown form",
                        "encrypted");
    }

    @Test
    void findsATokenAnywhereInALargeLogAndSaysItOnce() throws IOException {
        String line = "2026-11-21T10:00:00Z an ordinary line of a log that goes on for a while\n";
        int lines = (9 << 20) / line.length();
        // In the overlap of the first two windows.
        int at = ((4 << 20) + 1000) / line.length();
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            log.append(i == at ? "token " + TOKEN + "\n" : line);
        }
        file("job.log", log.toString());

        ScanReport report = scan(folder);

        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().getFirst().finding().place().line()).isEqualTo(at + 1);
        assertThat(report.notInspected()).hasSize(1);
    }

    @Test
    void looksIntoLargeArchivesAsStreams() throws IOException {
        byte[] content = ("GH_TOKEN=" + TOKEN + "\n").getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("image.tar.gz")))) {
            byte[] noise = new byte[9 << 20];
            random.nextBytes(noise);
            tar(out, "layer/noise.bin", noise);
            tar(out, "layer/home/.env", content);
            out.write(new byte[1024]);
        }

        ScanReport report = scan(folder);

        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().getFirst().finding().place().within())
                .startsWith("layer/home/.env");
    }

    private static void tar(OutputStream out, String name, byte[] content) throws IOException {
        byte[] header = new byte[512];
        System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, header, 0, name.length());
        byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = '0';
        System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, header, 257, 5);
        out.write(header);
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
    }

    @Test
    void aLargeArchiveThatExpandsWithoutEndIsLeft() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bomb)) {
            out.write(new byte[10 << 20]);
        }
        List<NotInspected> notes = new ArrayList<>();
        FileScan file =
                new FileScan(DETECTORS, new InHand(1 << 30), new Progress(), _ -> {}, notes::add);

        new LargeFile(file, "bomb.gz", bomb.size(), 100)
                .scan(new ByteArrayInputStream(bomb.toByteArray()));

        assertThat(notes)
                .extracting(NotInspected::reason)
                .containsExactly("expands beyond the bound");
    }

    @Test
    void sarifIsValidAndHasALevelForEachVerdict() throws IOException {
        file("a b/é.env", "GH_TOKEN=" + TOKEN);
        file("warn.env", "ACME_REFRESH_TOKEN=Zx9QvN2mK7pLr4TtYw8BcD3f");
        file("c.vault", "$ANSIBLE_VAULT;1.1;AES256\n3132\n");
        ScanReport report = scan(folder);

        JsonNode log =
                new ObjectMapper()
                        .valueToTree(new Sarif(report, folder, "1", "https://docs.example/").log());

        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                        .getSchema(
                                Files.newInputStream(
                                        Path.of(
                                                "src/test/resources/sarif/sarif-schema-2.1.0.json")));
        assertThat(schema.validate(log)).isEmpty();
        JsonNode results = log.at("/runs/0/results");
        assertThat(results.valueStream().map(result -> result.path("level").asText()))
                .containsExactly("error", "warning", "note");
        assertThat(results.at("/0/locations/0/physicalLocation/artifactLocation/uri").asText())
                .isEqualTo("a%20b/%C3%A9.env");
        for (JsonNode result : results) {
            // what GitHub and GitLab ask of every result
            assertThat(result.at("/message/text").asText()).isNotBlank();
            assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
                    .isPositive();
            String rule =
                    log.at("/runs/0/tool/driver/rules/" + result.path("ruleIndex").asInt() + "/id")
                            .asText();
            assertThat(rule).isEqualTo(result.path("ruleId").asText());
        }
        assertThat(log.toString()).doesNotContain(TOKEN.substring(4, 20));
    }
}
