package dev.tollbridge.bridge.exchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// One attack, or one thing that has to work, as `src/test/resources/exchange/README.md` describes
/// it.
record CaseFile(String name, Map<String, @Nullable Object> members) {

    static final Path FOLDER = Path.of("src/test/resources/exchange");

    private static final Set<String> MEMBERS =
            Set.of(
                    "description",
                    "base",
                    "documents",
                    "clock",
                    "earlier",
                    "token",
                    "request",
                    "bridge",
                    "expect");

    static List<CaseFile> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(CaseFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CaseFile read(Path file) {
        String name = file.getFileName().toString().replace(".yaml", "");
        Map<String, @Nullable Object> members = map(only(documents(file), file));
        known(members, MEMBERS, name);
        if (!(members.get("description") instanceof String) || !members.containsKey("expect")) {
            throw new IllegalArgumentException(name + " has no description or expects nothing");
        }
        return new CaseFile(name, members);
    }

    static List<Object> documents(Path file) {
        LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        List<Object> documents = new ArrayList<>();
        try {
            new Load(settings).loadAllFromString(Files.readString(file)).forEach(documents::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        return documents;
    }

    private static Object only(List<Object> documents, Path file) {
        if (documents.size() != 1) {
            throw new IllegalArgumentException(file + " holds " + documents.size() + " documents");
        }
        return documents.getFirst();
    }

    /// A misspelt member would silently weaken a case.
    static void known(Map<String, ?> members, Set<String> allowed, String where) {
        Set<String> unknown = new TreeSet<>(members.keySet());
        unknown.removeAll(allowed);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(where + " has unknown members " + unknown);
        }
    }

    static Map<String, @Nullable Object> map(@Nullable Object value) {
        Map<String, @Nullable Object> typed = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> untyped) {
            untyped.forEach((key, member) -> typed.put(String.valueOf(key), member));
        } else if (value != null) {
            throw new IllegalArgumentException("not a map: " + value);
        }
        return typed;
    }

    static List<@Nullable Object> list(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list -> new ArrayList<>(list);
            default -> List.of(value);
        };
    }

    static Map<String, String> texts(Map<String, @Nullable Object> members) {
        Map<String, String> texts = new HashMap<>();
        members.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    String text(String member, String otherwise) {
        Object value = members.get(member);
        return value == null ? otherwise : value.toString();
    }

    Map<String, @Nullable Object> part(String member) {
        return map(members.get(member));
    }

    @Override
    public String toString() {
        return name + ": " + text("description", "");
    }
}
