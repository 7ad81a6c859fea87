package dev.tollbridge.bridge.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The documents of a case: a base set, and what the case says differently.
final class CaseDocuments {

    private CaseDocuments() {}

    /// Writes them to a directory, one file each. What a change names by kind and name is merged
    /// into the base, member by member; null removes a member, `remove: true` the document.
    static void write(CaseFile file, CaseValues values, Path directory) throws IOException {
        Map<String, Map<String, @Nullable Object>> documents = new LinkedHashMap<>();
        String base = file.text("base", "ci");
        for (Object document :
                CaseFile.documents(CaseFile.FOLDER.resolve("base/" + base + ".yaml"))) {
            Map<String, @Nullable Object> known = CaseFile.map(document);
            known.put("apiVersion", "tollbridge.dev/v1alpha1");
            known.put("metadata", Map.of("name", String.valueOf(known.remove("name"))));
            documents.put(key(known), known);
        }
        for (Object change : CaseFile.list(file.members().get("documents"))) {
            Map<String, @Nullable Object> changed = CaseFile.map(change);
            boolean removed = Boolean.TRUE.equals(changed.remove("remove"));
            changed.put("apiVersion", "tollbridge.dev/v1alpha1");
            changed.put("metadata", Map.of("name", String.valueOf(changed.remove("name"))));
            String key = key(changed);
            if (removed) {
                if (documents.remove(key) == null) {
                    throw new IllegalArgumentException(file.name() + " removes no " + key);
                }
            } else {
                documents.put(key, merged(documents.getOrDefault(key, Map.of()), changed));
            }
        }
        Files.createDirectories(directory);
        int number = 0;
        for (Map<String, @Nullable Object> document : documents.values()) {
            Object expanded = values.expand(document);
            Files.writeString(
                    directory.resolve("document-" + number++ + ".yaml"),
                    CaseValues.json(expanded == null ? Map.of() : expanded));
        }
    }

    private static String key(Map<String, @Nullable Object> document) {
        return document.get("kind") + "/" + CaseFile.map(document.get("metadata")).get("name");
    }

    private static Map<String, @Nullable Object> merged(
            Map<String, @Nullable Object> base, Map<String, @Nullable Object> change) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>(base);
        change.forEach((name, value) -> {
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Map && merged.get(name) instanceof Map) {
                merged.put(name, merged(CaseFile.map(merged.get(name)), CaseFile.map(value)));
            } else {
                merged.put(name, value);
            }
        });
        return merged;
    }
}
