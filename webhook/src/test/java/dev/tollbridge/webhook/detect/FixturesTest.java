package dev.tollbridge.webhook.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Every detector has something that it finds and something like it that it does not.
class FixturesTest {

    private static final Path FOLDER = Path.of("src/test/resources/detect");
    private static final String RANDOM = "Zx9QvN2mK7pLr4TtYw8BcD3fGh6JkS1aUe5o";
    private static final String HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(2);

    private final Detectors detectors =
            StandardDetectors.shipped(
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)));
    private final Catalogue catalogue = Catalogue.shipped();

    private static Map<String, Map<?, ?>> fixtures() throws IOException {
        Map<String, Map<?, ?>> all = new LinkedHashMap<>();
        for (String group : Catalogue.GROUPS) {
            String text = Files.readString(FOLDER.resolve("fixtures/" + group + ".yaml"));
            Map<?, ?> entries =
                    (Map<?, ?>)
                            new Load(LoadSettings.builder().setLabel(group).build())
                                    .loadFromString(text.replace(": @R", ": '@R'"));
            entries.forEach((id, entry) -> all.put((String) id, (Map<?, ?>) entry));
        }
        return all;
    }

    @Test
    void everyDetectorHasAHitAndAMiss() throws IOException {
        assertThat(fixtures().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        catalogue.detectors().stream().map(Detector::id).toList());
        assertThat(fixtures().values())
                .allSatisfy(entry -> {
                    assertThat((List<?>) entry.get("hit")).isNotEmpty();
                    assertThat((List<?>) entry.get("miss")).isNotEmpty();
                });
    }

    @TestFactory
    Stream<DynamicTest> hitsAndMisses() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        fixtures()
                .forEach((id, entry) -> {
                    for (String kind : List.of("hit", "miss")) {
                        int number = 0;
                        for (Object fixture : (List<?>) Objects.requireNonNull(entry.get(kind))) {
                            tests.add(
                                    DynamicTest.dynamicTest(
                                            id + ", " + kind + " " + ++number,
                                            () -> judge(id, fixture, kind.equals("hit"))));
                        }
                    }
                });
        return tests.stream();
    }

    private void judge(String id, Object fixture, boolean hit) throws IOException {
        Judgement judgement = detectors.judge(content(id, fixture));

        assertThat(judgement.uninspected()).isEmpty();
        List<String> saw = new ArrayList<>();
        for (Finding finding : judgement.findings()) {
            saw.add(finding.detector());
            saw.addAll(finding.agreeing());
        }
        assertThat(saw.contains(id)).as(saw.toString()).isEqualTo(hit);
        assertThat(judgement.toString()).doesNotContain(RANDOM.substring(0, 12));
        String verdict = fixture instanceof Map<?, ?> map ? (String) map.get("verdict") : null;
        if (verdict != null) {
            assertThat(judgement.findings().getFirst().verdict().name())
                    .isEqualTo(verdict.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    private Content content(String id, Object fixture) throws IOException {
        Kind kind =
                catalogue.detectors().stream()
                        .filter(detector -> detector.id().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .kind();
        if (!(fixture instanceof Map<?, ?> map)) {
            return content(carrier(kind, null), "blob", expanded((String) fixture));
        }
        if (map.get("sample") instanceof String sample) {
            return Content.file("blob", Files.readAllBytes(FOLDER.resolve("samples/" + sample)));
        }
        String name = map.get("name") instanceof String given ? given : "blob";
        return content(
                carrier(kind, (String) map.get("carrier")),
                name,
                expanded((String) Objects.requireNonNull(map.get("content"))));
    }

    private static Carrier carrier(Kind kind, @Nullable String given) {
        if (given != null) {
            return Carrier.valueOf(given.toUpperCase(java.util.Locale.ROOT));
        }
        return switch (kind) {
            case HOSTPATH -> Carrier.HOST_PATH;
            case COMMAND -> Carrier.COMMAND;
            case FILE, TEXT, PREFIX, JWT, ENV -> Carrier.FILE;
        };
    }

    private static Content content(Carrier carrier, String name, String text) {
        return new Content(carrier, name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Tokens are put together here: see the README beside the fixtures.
    private static String expanded(String text) {
        String plain = text.replace("@R", RANDOM).replace("@H", HEX);
        StringBuilder result = new StringBuilder();
        int at = 0;
        for (int jwt = plain.indexOf("@J{"); jwt >= 0; jwt = plain.indexOf("@J{", at)) {
            boolean quoted = plain.indexOf("\\\"", jwt) == jwt + 3;
            int end = jwt + 2;
            int depth = 0;
            do {
                depth += plain.charAt(end) == '{' ? 1 : plain.charAt(end) == '}' ? -1 : 0;
                end++;
            } while (depth > 0);
            String claims = plain.substring(jwt + 2, end);
            result.append(plain, at, jwt).append(jwt(quoted ? unquoted(claims) : claims));
            at = end;
        }
        return result.append(plain.substring(at)).toString();
    }

    /// Inside a JSON string the claims are written with one more level of escapes.
    private static String unquoted(String claims) {
        return claims.replace("\\\\\\\"", "\u0000").replace("\\\"", "\"").replace("\u0000", "\\\"");
    }

    private static String jwt(String claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + "."
                + RANDOM;
    }
}
