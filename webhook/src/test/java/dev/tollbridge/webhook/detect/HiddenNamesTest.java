package dev.tollbridge.webhook.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The first pass reads no structure, and so must see a field however a format lets it be written.
class HiddenNamesTest {

    private static final String ACCESS = "Qk7sWm2Lr9TzXb4NfJ8cVh3Dp6";
    private static final String REFRESH = "Rw5nGk8YtM3xCq7Zb2LsVd9Fj4";
    private static final String DETECTOR = "generic-oauth-token-response";

    private final Detectors detectors =
            StandardDetectors.shipped(
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)));

    static Stream<Arguments> ways() {
        String json = json("access_token", "refresh_token");
        String quoted = json.replace("\"", "\\\"");
        return Stream.of(
                way("JSON", json),
                way("minified", json.replace(" ", "")),
                way("blanks before the colon", json.replace("\":", "\"  \n\t :")),
                way("an escape in the name", json("access_token", "\\u0072efresh_token")),
                way("the mark as an escape", json("access\\u005Ftoken", "refresh\\u005ftoken")),
                way("all of it escapes", json("access_token", escaped("refresh_token"))),
                way("YAML", "access_token: " + ACCESS + "\nrefresh_token: " + REFRESH + "\n"),
                way("an item", "- access_token: " + ACCESS + "\n  refresh_token: " + REFRESH),
                way("flow", "{access_token: " + ACCESS + ", refresh_token: " + REFRESH + "}"),
                way(
                        "asked keys",
                        "? access_token\n: " + ACCESS + "\n? refresh_token\n: " + REFRESH),
                way("a tag", "!!str access_token: " + ACCESS + "\n&a refresh_token: " + REFRESH),
                way("YAML's short escape", yaml("\"\\x72efresh_token\"")),
                way("YAML's long escape", yaml("\"\\U00000072efresh_token\"")),
                way("over two lines", yaml("? \"refresh_\\\n  token\"\n")),
                way("over two lines, CRLF", yaml("? \"refresh_\\\r\n  token\"\r\n")),
                way("over two lines, not indented", yaml("? \"refresh_\\\ntoken\"\n")),
                way("JSON in a string", "{\"config\": \"" + quoted + "\"}"),
                way(
                        "YAML in a string",
                        "{\"config\": \"a: 1\\naccess_token: "
                                + ACCESS
                                + "\\nrefresh_token: "
                                + REFRESH
                                + "\\n\"}"),
                way("in a log", "12:00 answer was " + json + " and so on\n"),
                way("TOML", "access_token = \"" + ACCESS + "\"\nrefresh_token = '" + REFRESH + "'"),
                way("a section", "[a]\naccess_token=" + ACCESS + "\nrefresh_token=" + REFRESH),
                way("a byte order mark", "\ufeff" + json),
                Arguments.of("UTF-16", ("\ufeff" + json).getBytes(StandardCharsets.UTF_16BE)),
                Arguments.of(
                        "UTF-16, the other order",
                        ("\ufeff" + json).getBytes(Charset.forName("UTF-16LE"))),
                Arguments.of("base64", base64(json.getBytes(StandardCharsets.UTF_8))),
                Arguments.of("base64 twice", base64(base64(json.getBytes(StandardCharsets.UTF_8)))),
                Arguments.of("gzip in base64", base64(gzip(json))),
                way("base64 in an env file", "X=1\nSTATE=" + plain(base64(bytes(json))) + "\n"),
                way("base64 in a log", "got " + plain(base64(bytes(json))) + " back"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void isFound(String way, byte[] content) {
        Judgement judgement = detectors.judge(Content.file("blob", content));

        assertThat(judgement.findings()).as(way).extracting(Finding::detector).contains(DETECTOR);
        assertThat(judgement.toString()).doesNotContain(REFRESH);
    }

    private static Arguments way(String name, String text) {
        return Arguments.of(name, bytes(text));
    }

    private static String json(String access, String refresh) {
        return "{\"" + access + "\": \"" + ACCESS + "\", \"" + refresh + "\": \"" + REFRESH + "\"}";
    }

    private static String yaml(String refresh) {
        return "access_token: " + ACCESS + "\n" + refresh + ": " + REFRESH + "\n";
    }

    private static String escaped(String name) {
        StringBuilder escapes = new StringBuilder();
        name.chars().forEach(c -> escapes.append(String.format("\\u%04x", c)));
        return escapes.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] base64(byte[] bytes) {
        return Base64.getEncoder().encode(bytes);
    }

    private static String plain(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
