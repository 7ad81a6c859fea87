package dev.tollbridge.webhook.advise;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Reads the matrix that is shipped. A mistake in it is one of the product: it fails loudly.
final class MatrixFile {

    private MatrixFile() {}

    static Matrix read() {
        List<RuntimeClass> runtimes = new ArrayList<>();
        for (Map<?, ?> entry : entries("runtimes.yaml")) {
            runtimes.add(
                    new RuntimeClass(
                            text(entry, "id"),
                            text(entry, "title"),
                            Boolean.TRUE.equals(entry.get("person")),
                            signIn(text(entry, "signIn")),
                            entry.containsKey("how") ? text(entry, "how") : "",
                            text(entry, "why"),
                            signIn(text(entry, "fallback")),
                            texts(entry, "checks")));
        }
        List<Check> checks =
                entries("checks.yaml").stream()
                        .map(e -> new Check(text(e, "id"), text(e, "words"), text(e, "source")))
                        .toList();
        List<Tool> tools =
                entries("tools.yaml").stream()
                        .map(e ->
                                new Tool(
                                        text(e, "id"),
                                        texts(e, "names"),
                                        text(e, "title"),
                                        text(e, "advice"),
                                        text(e, "pkce"),
                                        text(e, "device"),
                                        text(e, "workload"),
                                        text(e, "revoke")))
                        .toList();
        return new Matrix(List.copyOf(runtimes), checks, tools);
    }

    private static SignIn signIn(String id) {
        return Arrays.stream(SignIn.values())
                .filter(signIn -> signIn.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<?, ?>> entries(String file) {
        try (InputStream in = MatrixFile.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            List<Map<?, ?>> entries = new ArrayList<>();
            if (new Load(LoadSettings.builder().setLabel(file).build()).loadFromInputStream(in)
                    instanceof List<?> list) {
                for (Object item : list) {
                    if (item instanceof Map<?, ?> entry) {
                        entries.add(entry);
                    }
                }
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<?, ?> entry, String name) {
        if (entry.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException(entry.get("id") + " has no " + name);
    }

    private static List<String> texts(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
