package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Advice;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Verdict;
import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.Node;
import dev.tollbridge.webhook.detect.parse.Unreadable;
import dev.tollbridge.webhook.detect.parse.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The detectors that are shipped, and the allow rules that come before them.
///
/// @param detectors in the order of the files
public record Catalogue(List<Detector> detectors, List<Workload> workloads) {

    /// The data files, in the order of the documentation. Greppable; nothing is searched for.
    public static final List<String> GROUPS =
            List.of(
                    "azure",
                    "google",
                    "aws",
                    "forges",
                    "kubernetes",
                    "registries",
                    "platforms",
                    "ai",
                    "tokens",
                    "variables",
                    "host-paths",
                    "commands");

    /// Reads what is shipped.
    ///
    /// @throws IllegalStateException when an entry is wrong: a mistake in the product
    public static Catalogue shipped() {
        Map<String, Advice> advice = new LinkedHashMap<>();
        for (Fields fields : entries("advice.yaml")) {
            String id = fields.text("id");
            String tool = fields.text("tool");
            String about = tool.isEmpty() ? "" : " --tool " + tool;
            advice.put(
                    id,
                    new Advice(
                            id, fields.text("words"), "tollbridge advise --runtime pod" + about));
            fields.end();
        }
        List<Detector> detectors = new ArrayList<>();
        for (String group : GROUPS) {
            for (Fields fields : entries("detectors/" + group + ".yaml")) {
                detectors.add(detector(fields, advice));
            }
        }
        List<Workload> workloads = new ArrayList<>();
        for (Fields fields : entries("workloads.yaml")) {
            workloads.add(
                    new Workload(
                            fields.text("id"),
                            fields.optional("pivot"),
                            fields.rules("required"),
                            fields.rules("any"),
                            fields.rules("jwt")));
            fields.end();
        }
        return new Catalogue(List.copyOf(detectors), List.copyOf(workloads));
    }

    /// The group that an id is in, for the documentation.
    public static Map<String, List<String>> byGroup() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String group : GROUPS) {
            groups.put(
                    group,
                    entries("detectors/" + group + ".yaml").stream()
                            .map(fields -> fields.text("id"))
                            .toList());
        }
        return groups;
    }

    private static List<Fields> entries(String file) {
        try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Budget budget = new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);
            if (!(YamlReader.read(text, budget).getFirst() instanceof Node.Sequence entries)) {
                throw new IllegalStateException(file + " is not a list");
            }
            return entries.items().stream().map(node -> new Fields(file, node)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Unreadable e) {
            throw new IllegalStateException(file + " is not YAML", e);
        }
    }

    private static Detector detector(Fields fields, Map<String, Advice> advices) {
        String id = fields.text("id");
        Kind kind = constant(Kind.class, fields.text("kind"));
        Action action = constant(Action.class, fields.text("action"));
        Verdict verdict = constant(Verdict.class, fields.text("verdict"));
        Advice advice = advices.get(fields.text("advice"));
        if (advice == null) {
            throw fields.wrong("names an advice that does not exist");
        }
        List<FieldRule> required = fields.rules("required");
        List<Evidence> evidence = new ArrayList<>();
        for (Fields part : fields.parts("evidence")) {
            Verdict proven = constant(Verdict.class, part.text("verdict"));
            evidence.add(
                    new Evidence(
                            part.rules("when"),
                            proven,
                            proven == Verdict.UNKNOWN_OWNER ? Action.WARN : Action.BLOCK,
                            part.text("because")));
            part.end();
        }
        List<String> names = fields.texts("names");
        // For people: the documentation prints them.
        fields.optional("storage");
        fields.texts("clients");
        Detector detector =
                new Detector(
                        id,
                        fields.text("tool"),
                        kind,
                        Integer.parseInt(fields.or("rank", String.valueOf(rank(kind)))),
                        names,
                        names.stream().map(Catalogue::glob).toList(),
                        fields.flag("nameRequired"),
                        fields.flag("sqlite"),
                        fields.texts("paths"),
                        fields.texts("anchors"),
                        fields.optional("pivot"),
                        required,
                        fields.rules("any"),
                        fields.texts("token").stream().map(FieldPath::parse).toList(),
                        fields.texts("covers"),
                        pattern(fields.optional("value")),
                        pattern(fields.optional("shape")),
                        pattern(fields.optional("exclude")),
                        fields.texts("variables").stream().map(Pattern::compile).toList(),
                        fields.parts("commands").stream().map(Catalogue::command).toList(),
                        verdict,
                        List.copyOf(evidence),
                        action,
                        constant(Action.class, fields.or("podAction", action.name())),
                        constant(Confidence.class, fields.text("confidence")),
                        fields.or("provenance", ""),
                        advice,
                        fields.texts("neighbours"),
                        fields.or("source", ""));
        fields.end();
        return detector;
    }

    private static Command command(Fields fields) {
        List<String> words = Arrays.asList(fields.text("run").split(" "));
        Command command =
                new Command(
                        words.getFirst(),
                        words.subList(1, words.size()),
                        fields.texts("with"),
                        fields.texts("unless"));
        fields.end();
        return command;
    }

    private static int rank(Kind kind) {
        return switch (kind) {
            case ENV -> 50;
            case FILE -> 40;
            case HOSTPATH, COMMAND -> 30;
            case TEXT -> 25;
            case JWT -> 22;
            case PREFIX -> 20;
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static @Nullable Pattern pattern(@Nullable String regex) {
        return regex == null ? null : Pattern.compile(regex);
    }

    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
