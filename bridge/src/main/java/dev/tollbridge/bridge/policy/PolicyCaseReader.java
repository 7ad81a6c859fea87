package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.policy.PolicyCase.Expected;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads policy tests strictly: a misspelt key is a problem, never a test that tests nothing.
final class PolicyCaseReader {

    private static final List<String> FILE = List.of("issuer", "at", "claims", "cases");
    private static final List<String> CASE =
            List.of(
                    "name",
                    "issuer",
                    "at",
                    "claims",
                    "only",
                    "target",
                    "resource",
                    "scope",
                    "ttl",
                    "proof",
                    "expect");
    private static final List<String> EXPECT =
            List.of("granted", "refused", "grant", "scope", "ttl");

    private static final SenderProof DPOP = new SenderProof("test", null);
    private static final SenderProof MTLS = new SenderProof(null, "test");

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    PolicyCaseReader(String file) {
        this.file = file;
    }

    List<Problem> problems() {
        return problems;
    }

    List<PolicyCase> read(String yaml) {
        Object loaded;
        try {
            loaded =
                    new Load(
                                    LoadSettings.builder()
                                            .setAllowDuplicateKeys(false)
                                            .setMaxAliasesForCollections(50)
                                            .setCodePointLimit(4 << 20)
                                            .setLabel(file)
                                            .build())
                            .loadFromString(yaml);
        } catch (YamlEngineException e) {
            problem("", "is not YAML: " + e.getMessage(), null);
            return List.of();
        }
        Map<String, @Nullable Object> root = object("", loaded, FILE);
        Map<String, @Nullable Object> base = claims("claims", root.get("claims"));
        if (!(root.get("cases") instanceof List<?> written) || written.isEmpty()) {
            problem("cases", "lists at least one case", null);
            return List.of();
        }
        List<PolicyCase> cases = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            cases.add(one("cases[" + i + "]", written.get(i), root, base));
        }
        return cases;
    }

    private PolicyCase one(
            String path,
            @Nullable Object written,
            Map<String, @Nullable Object> root,
            Map<String, @Nullable Object> base) {
        Map<String, @Nullable Object> members = object(path, written, CASE);
        if (members.containsKey("claims") && members.containsKey("only")) {
            problem(
                    path,
                    "'claims' changes the file's claims, 'only' replaces them: one of them",
                    null);
        }
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        if (!members.containsKey("only")) {
            claims.putAll(base);
        }
        String changes = members.containsKey("only") ? "only" : "claims";
        claims(path + "." + changes, members.get(changes))
                .forEach((name, value) -> {
                    if (value == null) {
                        claims.remove(name);
                    } else {
                        claims.put(name, value);
                    }
                });
        String name = text(path + ".name", members.get("name"));
        String target = text(path + ".target", members.get("target"));
        String resource = text(path + ".resource", members.get("resource"));
        if (target == null && resource == null) {
            problem(path, "names a target or a resource", null);
        }
        return new PolicyCase(
                name == null ? path : name,
                text(path + ".issuer", members.getOrDefault("issuer", root.get("issuer"))),
                claims,
                new TargetRequest(
                        target == null ? List.of() : List.of(target),
                        resource == null ? List.of() : List.of(resource),
                        scope(path + ".scope", members.get("scope")),
                        duration(path + ".ttl", members.get("ttl"))),
                proof(path + ".proof", members.get("proof")),
                instant(path + ".at", members.getOrDefault("at", root.get("at"))),
                expected(path + ".expect", members.get("expect")));
    }

    private Expected expected(String path, @Nullable Object written) {
        if (written instanceof String word) {
            return word.equals("granted")
                    ? new Expected(true, null, null, null, null)
                    : new Expected(false, reason(path, word), null, null, null);
        }
        Map<String, @Nullable Object> members = object(path, written, EXPECT);
        Object refused = members.get("refused");
        if (refused != null) {
            if (members.size() > 1) {
                problem(path, "a refusal has a reason and nothing else", null);
            }
            String word = text(path + ".refused", refused);
            return new Expected(
                    false, word == null ? null : reason(path + ".refused", word), null, null, null);
        }
        if (members.containsKey("granted") && !Boolean.TRUE.equals(members.get("granted"))) {
            problem(path + ".granted", "is true; for the opposite write refused: REASON", null);
        }
        return new Expected(
                true,
                null,
                text(path + ".grant", members.get("grant")),
                scope(path + ".scope", members.get("scope")),
                duration(path + ".ttl", members.get("ttl")));
    }

    /// Null for the word `refused`: whatever the reason.
    private @Nullable RefusalReason reason(String path, String word) {
        if (word.equals("refused")) {
            return null;
        }
        for (RefusalReason reason : RefusalReason.values()) {
            if (reason.code().equals(word)) {
                return reason;
            }
        }
        problem(
                path,
                "'" + word + "' is no reason",
                Nearest.suggestion(
                        word,
                        Arrays.stream(RefusalReason.values()).map(RefusalReason::code).toList()));
        return null;
    }

    private Map<String, @Nullable Object> object(
            String path, @Nullable Object written, List<String> known) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (!(written instanceof Map<?, ?> map)) {
            problem(path, "is a mapping with " + String.join(", ", known), null);
            return members;
        }
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                problem(
                        path.isEmpty() ? name : path + "." + name,
                        "is not known here",
                        Nearest.suggestion(name, known));
            }
            members.put(name, value);
        });
        return members;
    }

    private Map<String, @Nullable Object> claims(String path, @Nullable Object written) {
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        if (written instanceof Map<?, ?> map) {
            map.forEach((name, value) -> claims.put(String.valueOf(name), json(value)));
        } else if (written != null) {
            problem(path, "is a mapping of claims", null);
        }
        return claims;
    }

    /// As a token's JSON would be read: integers are 64 bits wide.
    private static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Integer number -> Long.valueOf(number);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), json(member)));
                yield members;
            }
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (Object element : list) {
                    elements.add(json(element));
                }
                yield elements;
            }
            default -> value;
        };
    }

    private @Nullable String text(String path, @Nullable Object written) {
        if (written == null || written instanceof String) {
            return (String) written;
        }
        problem(path, "is a text", "quote it");
        return null;
    }

    private @Nullable SortedSet<String> scope(String path, @Nullable Object written) {
        if (written instanceof List<?> list) {
            SortedSet<String> scopes = new TreeSet<>();
            list.forEach(scope -> scopes.add(String.valueOf(scope)));
            return scopes;
        }
        String text = text(path, written);
        if (text == null) {
            return null;
        }
        SortedSet<String> scopes = new TreeSet<>(Arrays.asList(text.split(" ")));
        scopes.remove("");
        return scopes;
    }

    private @Nullable Duration duration(String path, @Nullable Object written) {
        if (written == null) {
            return null;
        }
        if (written instanceof Integer seconds && seconds > 0) {
            return Duration.ofSeconds(seconds);
        }
        if (written instanceof String text && text.matches("[1-9][0-9]{0,6}[smh]")) {
            long amount = Long.parseLong(text.substring(0, text.length() - 1));
            return switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(amount);
                case 'm' -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        problem(path, "is a lifetime such as 300, 300s, 5m or 1h", null);
        return null;
    }

    private SenderProof proof(String path, @Nullable Object written) {
        String text = text(path, written);
        if (text == null) {
            return SenderProof.NONE;
        }
        return switch (text) {
            case "dpop" -> DPOP;
            case "mtls" -> MTLS;
            default -> {
                problem(path, "is dpop or mtls", null);
                yield SenderProof.NONE;
            }
        };
    }

    private @Nullable Instant instant(String path, @Nullable Object written) {
        String text = text(path, written);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            problem(path, "is a moment such as 2026-11-21T10:00:00Z", null);
            return null;
        }
    }

    private void problem(String path, String message, @Nullable String suggestion) {
        problems.add(
                new Problem(
                        Severity.ERROR,
                        "policy-test",
                        new Place(file, 0),
                        path.isEmpty() ? "the file" : path,
                        message,
                        suggestion));
    }
}
