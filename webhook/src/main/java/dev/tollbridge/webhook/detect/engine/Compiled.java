package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.parse.Documents;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import dev.tollbridge.webhook.detect.rule.Command;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Kind;
import dev.tollbridge.webhook.detect.rule.WordFinder;
import dev.tollbridge.webhook.detect.rule.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The catalogue, ready for use: one search for the words of every detector, what each word is a
/// sign of, and which signs each detector needs.
final class Compiled {

    /// Letters written as escapes: signs cannot be seen, so everything is a candidate.
    private static final Sign ESCAPE = new Sign("\\u00", Sign.Form.ESCAPE);

    /// What may follow where YAML lets a quoted text go on in the next line.
    private static final String GOES_ON = " \tabcdefghijklmnopqrstuvwxyz0123456789_-./";

    final List<Detector> detectors;
    final List<Workload> workloads;
    final WordFinder finder;

    /// By the word.
    final int[][] signsOfWord;

    /// By the word: the detectors of tokens that begin with it, as indices.
    final int[][] tokensOfWord;

    final Sign[] signs;

    /// By detector.
    final Needs[] needs;

    /// The indices of detectors by what they look at.
    final int[] files;

    final int[] variables;
    final int[] texts;
    final int[] hostPaths;

    private final List<Needs> commands = new ArrayList<>();
    private final int escape;
    private final int[] yamlEscapes;
    private final Needs hostPath;
    private final Needs volumes;
    private final Map<String, List<Detector>> byProgram = new HashMap<>();

    Compiled(Catalogue catalogue) {
        this.detectors = catalogue.detectors();
        this.workloads = catalogue.workloads();
        Signs collected = new Signs();
        Map<String, List<Integer>> tokens = new LinkedHashMap<>();
        this.needs = new Needs[detectors.size()];
        for (int d = 0; d < detectors.size(); d++) {
            Detector detector = detectors.get(d);
            needs[d] = Needs.of(detector, collected);
            if (detector.kind() == Kind.PREFIX || detector.kind() == Kind.JWT) {
                for (String anchor : detector.anchors()) {
                    tokens.computeIfAbsent(anchor, _ -> new ArrayList<>()).add(d);
                }
            }
            for (Command command : detector.commands()) {
                commands.add(Needs.of(command, collected));
                List<Detector> same =
                        byProgram.computeIfAbsent(
                                command.program().toLowerCase(Locale.ROOT), _ -> new ArrayList<>());
                if (!same.contains(detector)) {
                    same.add(detector);
                }
            }
        }
        this.escape = collected.number(ESCAPE);
        this.yamlEscapes = yamlEscapes().mapToInt(collected::number).toArray();
        this.hostPath = Needs.field("hostPath", collected);
        this.volumes = Needs.field("volumes", collected);
        this.files = only(Kind.FILE);
        this.variables = only(Kind.ENV);
        this.texts = only(Kind.TEXT);
        this.hostPaths = only(Kind.HOSTPATH);

        this.signs = collected.all();
        Map<String, List<Integer>> byWord = new LinkedHashMap<>();
        for (int s = 0; s < signs.length; s++) {
            byWord.computeIfAbsent(signs[s].folded(), _ -> new ArrayList<>()).add(s);
        }
        tokens.keySet().forEach(word -> byWord.putIfAbsent(word, new ArrayList<>()));
        List<String> words = List.copyOf(byWord.keySet());
        this.finder = new WordFinder(words);
        this.signsOfWord = new int[words.size()][];
        this.tokensOfWord = new int[words.size()][];
        for (int w = 0; w < words.size(); w++) {
            signsOfWord[w] = numbers(byWord.get(words.get(w)));
            tokensOfWord[w] = numbers(tokens.get(words.get(w)));
        }
    }

    /// Ways to hide letters that only YAML reads.
    private static Stream<Sign> yamlEscapes() {
        Stream<Sign> byNumber =
                Stream.concat(
                        Stream.of(new Sign("\\u000000", Sign.Form.ESCAPE)),
                        "234567"
                                .chars()
                                .mapToObj(
                                        digit -> new Sign("\\x" + (char) digit, Sign.Form.ESCAPE)));
        Stream<Sign> byLines =
                Stream.concat(
                        Stream.of(new Sign("\\\r\n", Sign.Form.LETTERS)),
                        GOES_ON.chars()
                                .mapToObj(c -> new Sign("\\\n" + (char) c, Sign.Form.LETTERS)));
        return Stream.concat(byNumber, byLines);
    }

    private int[] only(Kind kind) {
        List<Integer> indices = new ArrayList<>();
        for (int d = 0; d < detectors.size(); d++) {
            if (detectors.get(d).kind() == kind) {
                indices.add(d);
            }
        }
        return numbers(indices);
    }

    private static int[] numbers(@Nullable List<Integer> list) {
        return list == null ? new int[0] : list.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The detectors of commands that run this program, in lower case.
    List<Detector> running(String program) {
        return byProgram.getOrDefault(program, List.of());
    }

    boolean escaped(SignSet seen, byte[] text) {
        if (seen.has(escape)) {
            return true;
        }
        for (int sign : yamlEscapes) {
            if (seen.has(sign)) {
                return Documents.likeYaml(text);
            }
        }
        return false;
    }

    boolean command(SignSet seen, byte[] text) {
        for (Needs command : commands) {
            if (command.met(seen, text)) {
                return true;
            }
        }
        return false;
    }

    /// Whether something says which folders of a machine are mounted.
    boolean mounts(SignSet seen) {
        return hostPath.met(seen) || volumes.met(seen);
    }
}
