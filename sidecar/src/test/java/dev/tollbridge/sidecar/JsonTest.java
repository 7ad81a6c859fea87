package dev.tollbridge.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Reading JSON")
class JsonTest {

    @Test
    void readsWhatABridgeAnswers() throws Json.Malformed {
        Map<String, Object> tree =
                Map.copyOf(
                        Json.object(
                                " {\"a\": \"x\\\"\\u0041\\n\", \"n\": 600, \"l\": [1, {}, []], \"t\": true} "));
        assertThat(tree)
                .containsEntry("a", "x\"A\n")
                .containsEntry("n", 600L)
                .containsEntry("l", List.of(1L, Map.of(), List.of()))
                .containsEntry("t", true);
        assertThat(Json.object(Json.write(tree))).isEqualTo(tree);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}x",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":1,\"a\":2}",
                "{a:1}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":NaN}",
                "{\"a\":1e999}",
                "{\"a\" 1}",
                "{\"a\":\"\\u00g0\"}"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(Json.Malformed.class);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(Json.Malformed.class);
    }
}
