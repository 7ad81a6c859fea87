package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The claim sets in `src/test/resources/issuers/<preset>/<variant>.json`: what each platform's
/// tokens hold, all values invented. A variant named `refused-...` is a token that no recommended
/// grant may accept.
///
/// To add one, add a file.
public final class SampleTokens {

    /// All samples were issued at this moment or are valid at it.
    public static final Instant NOW = Instant.parse("2026-11-21T10:00:01Z");

    private static final Path FOLDER = Path.of("src/test/resources/issuers");

    private SampleTokens() {}

    /// @param json as in the file
    public record Sample(String preset, String variant, String json) {

        public Claims claims() {
            try {
                return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
            } catch (StrictJson.Malformed e) {
                throw new IllegalStateException(this + " is not JSON", e);
            }
        }

        /// Whether a recommended grant accepts it.
        public boolean accepted() {
            return !variant.startsWith("refused-");
        }

        /// The only element of `aud`.
        public String audience() {
            return claims().get("aud") instanceof List<?> list
                    ? (String) Objects.requireNonNull(list.getFirst())
                    : Objects.requireNonNull(claims().string("aud"));
        }

        public String issuer() {
            return Objects.requireNonNull(claims().string("iss"));
        }

        @Override
        public String toString() {
            return preset + "/" + variant;
        }
    }

    /// Sorted by preset and variant.
    public static List<Sample> all() {
        List<Sample> samples = new ArrayList<>();
        for (Path preset : sorted(FOLDER)) {
            for (Path file : sorted(preset)) {
                String name = file.getFileName().toString();
                samples.add(
                        new Sample(
                                preset.getFileName().toString(),
                                name.substring(0, name.length() - ".json".length()),
                                text(file)));
            }
        }
        return samples;
    }

    public static List<Sample> of(String preset) {
        return all().stream().filter(s -> s.preset().equals(preset)).toList();
    }

    public static Sample of(String preset, String variant) {
        return of(preset).stream()
                .filter(s -> s.variant().equals(variant))
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> sorted(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
