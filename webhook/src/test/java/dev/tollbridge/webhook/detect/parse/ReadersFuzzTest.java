package dev.tollbridge.webhook.detect.parse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Each reader by itself, on any bytes: a tree, `Unreadable`, or the budget's end, and nothing
/// else.
class ReadersFuzzTest {

    private interface Reader {
        void read(byte[] bytes, Budget budget) throws Unreadable;
    }

    private static final Reader[] READERS = {
        (bytes, budget) -> JsonReader.read(bytes, 0, bytes.length, budget),
        (bytes, budget) -> YamlReader.read(text(bytes), budget),
        (bytes, budget) -> LinesReader.read(text(bytes), budget),
        (bytes, budget) -> Documents.read(bytes, false, budget, _ -> {}),
        (bytes, budget) -> Base64Runs.find(bytes, budget, _ -> true, (_, _, _) -> {}),
        (bytes, budget) -> CommandLines.read(text(bytes), budget),
        (bytes, budget) -> Jwt.claims(text(bytes), budget),
        (bytes, budget) -> SqliteRows.read(bytes, budget, _ -> {}),
        (bytes, budget) -> Archives.zip(bytes, budget, (_, _) -> {}),
        (bytes, budget) -> Archives.tar(bytes, budget, (_, _) -> {}),
        (bytes, budget) -> Archives.gzip(bytes, budget, (_, _) -> {}),
    };

    /// The first byte says which reader.
    @FuzzTest(maxDuration = "60s")
    void readsAnythingOrSaysSo(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Reader reader = READERS[(input[0] & 0xff) % READERS.length];
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Budget budget = new Budget(100_000L + 400L * bytes.length, 4 << 20, 20_000);
        try {
            reader.read(bytes, budget);
        } catch (Unreadable | Budget.Spent expected) {
            // What it should be.
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
