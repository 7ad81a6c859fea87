package dev.tollbridge.bridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The policy of an example, with what is only so in a test put in: keys that no issuer publishes,
/// and where a provider is.
public final class ExamplePolicy {

    private ExamplePolicy() {}

    /// A configuration directory.
    ///
    /// @param example a folder with a `policy`
    /// @param changes texts and what stands in their place; each must be there
    public static Path copy(Path example, Path to, String... changes) throws IOException {
        Files.createDirectories(to);
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(example.resolve("policy"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                all.append(Files.readString(file)).append("---\n");
            }
        }
        String text = all.toString();
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(text).contains(changes[i]);
            text = text.replace(changes[i], changes[i + 1]);
        }
        Files.writeString(to.resolve("policy.yaml"), text);
        return to;
    }

    /// An issuer's `audience` with keys written under it.
    public static List<String> keys(String audience, String jwks) {
        return List.of(
                "  audience: " + audience,
                "  keys: {inline: " + jwks + "}\n  audience: " + audience);
    }
}
