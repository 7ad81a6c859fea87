package dev.tollbridge.bridge.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A reference names one value or none: RFC 6901, and nothing that two readers could understand
/// differently.
class ClaimsTest {

    private final Claims claims =
            new Claims(
                    Map.of(
                            "sub", "job-42",
                            "a/b", "plain name",
                            "/", "never by a plain name",
                            "", "empty name",
                            "deep", Map.of("a/b", "slash", "m~n", "tilde", "", "nameless"),
                            "list", List.of("zero", "one", Map.of("id", "two")),
                            "many", IntStream.rangeClosed(0, 10_000).boxed().toList()));

    private @Nullable Object at(String reference) {
        return claims.at(reference);
    }

    @ParameterizedTest
    @CsvSource({
        "sub, job-42",
        "/sub, job-42",
        "a/b, plain name",
        "/a~1b, plain name",
        "/deep/a~1b, slash",
        "/deep/m~0n, tilde",
        "/deep/, nameless",
        "/, empty name",
        "/list/0, zero",
        "/list/1, one",
        "/list/2/id, two",
        "/many/12, 12",
        "/many/9999, 9999"
    })
    void findsWhatIsNamed(String reference, String value) {
        assertThat(String.valueOf(at(reference))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "/nobody",
                "/a/b",
                "/sub/",
                "/sub/x",
                "/deep/nobody",
                "/deep/a",
                "/list/",
                "/list/3",
                "/list/-",
                "/list/-1",
                "/list/01",
                "/list/00",
                "/list/1a",
                "/list/1/x",
                "/list/:",
                "/list//",
                "/list/2/",
                "/many/10000"
            })
    void findsNothingElse(String reference) {
        assertThat(at(reference)).isNull();
    }

    @Test
    void namesWithDotsAndWithoutSlashAreNames() {
        Claims dotted = new Claims(Map.of("x.y", "1", "x", Map.of("y", "2")));
        assertThat(dotted.at("x.y")).isEqualTo("1");
        assertThat(dotted.at("/x/y")).isEqualTo("2");
    }
}
