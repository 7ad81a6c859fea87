package dev.tollbridge.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sidecar's settings")
class SettingsTest {

    private static Settings parse(String... more) throws Settings.Wrong {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--url=https://bridge.example/",
                                "--token-file",
                                "/t",
                                "--target",
                                "a,b"));
        arguments.addAll(List.of(more));
        return Settings.parse(arguments.toArray(String[]::new), _ -> null);
    }

    @Test
    void flagsWinOverTheEnvironment() throws Settings.Wrong {
        Settings settings =
                Settings.parse(
                        new String[] {"--url", "https://flag.example", "--target", "x"},
                        Map.of(
                                        "TOLLBRIDGE_URL", "https://env.example",
                                        "TOLLBRIDGE_TOKEN_FILE", "/token",
                                        "TOLLBRIDGE_TARGETS", "y")
                                ::get);
        assertThat(settings.url()).hasToString("https://flag.example");
        assertThat(settings.tokenFile()).hasToString("/token");
        assertThat(settings.targets()).containsExactly("x");
        assertThat(parse().targets()).containsExactly("a", "b");
        assertThat(parse().url()).hasToString("https://bridge.example");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        for (String[] wrong :
                new String[][] {
                    {"--listen", "0.0.0.0:9911"},
                    {"--listen", ":9911"},
                    {"--listen", "10.0.0.1:9911"},
                    {"--listen", "bridge.example:1"},
                    {"--health", "x"},
                    {"--target", "../etc"},
                    {"--target", "A"},
                    {"--url", "https://twice.example"},
                    {"--surprise"},
                    {"--dir"}
                }) {
            assertThatThrownBy(() -> parse(wrong)).isInstanceOf(Settings.Wrong.class);
        }
        for (String url :
                List.of("http://bridge.example", "https://u@h", "https://h?q", "ftp://h", "x")) {
            assertThatThrownBy(() ->
                            Settings.parse(
                                    new String[] {
                                        "--url", url, "--token-file", "/t", "--target", "a"
                                    },
                                    _ -> null))
                    .isInstanceOf(Settings.Wrong.class);
        }
    }
}
