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

    /// The grant of each base.
    private static final Map<String, String> GRANTS =
            Map.of("ci", "main-branch", "github", "payments-deploy", "kubernetes", "deployer-pods");

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

    /// The same at the door for AWS SDKs, with the target as one of AWS, or null where the case is
    /// about something that this door has not: parameters, proofs, scope, grants of its own.
    @Nullable CaseFile atTheAwsDoor() {
        boolean ofItsOwn =
                members.containsKey("request")
                        || part("expect").containsKey("unloadable")
                        || "ttl_refused".equals(part("expect").get("refused"))
                        // Providers have limits and doubts of their own.
                        || part("bridge").containsKey("limits")
                        || part("bridge").containsKey("minter")
                        || list(members.get("earlier")).stream()
                                .anyMatch(earlier -> map(earlier).containsKey("request"))
                        || list(members.get("documents")).stream()
                                .anyMatch(document ->
                                        !"TrustedIssuer".equals(map(document).get("kind")));
        String grant = GRANTS.get(text("base", "ci"));
        if (ofItsOwn || grant == null) {
            return null;
        }
        Map<String, @Nullable Object> aws = new LinkedHashMap<>();
        aws.put("jwt", null);
        aws.put("maxTtl", null);
        aws.put(
                "aws",
                Map.of("roleArn", "arn:aws:iam::111122223333:role/deploy", "region", "eu-west-1"));
        List<@Nullable Object> documents = new ArrayList<>(list(members.get("documents")));
        documents.add(Map.of("kind", "Target", "name", "internal-api", "spec", aws));
        documents.add(
                Map.of(
                        "kind",
                        "Grant",
                        "name",
                        grant,
                        "spec",
                        Map.of(
                                "allow",
                                List.of(Map.of("target", "internal-api", "ttl", "15m")),
                                // The tokens of these cases live less than AWS gives keys for.
                                "mayOutliveSubject",
                                true,
                                "acknowledge",
                                List.of("outlives-subject"))));
        Map<String, @Nullable Object> there = new LinkedHashMap<>(members);
        there.put("documents", documents);
        there.put("request", Map.of("door", "aws"));
        Map<String, @Nullable Object> expect = new LinkedHashMap<>(part("expect"));
        if (expect.containsKey("issued")) {
            expect.put("issued", Map.of());
        }
        there.put("expect", expect);
        return new CaseFile(name + " at the aws door", there);
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
