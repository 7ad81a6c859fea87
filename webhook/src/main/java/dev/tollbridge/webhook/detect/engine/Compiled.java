package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.rule.Automaton;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import dev.tollbridge.webhook.detect.rule.Command;
import dev.tollbridge.webhook.detect.rule.Detector;
import dev.tollbridge.webhook.detect.rule.Kind;
import dev.tollbridge.webhook.detect.rule.Workload;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The catalogue, ready for use: one automaton over the anchors of every detector, and what each
/// word of it speaks for.
final class Compiled {

    /// Letters written as escapes: the anchors cannot be seen, so everything is a candidate.
    private static final List<String> ESCAPES =
            List.of("\\u004", "\\u005", "\\u006", "\\u007", "\\x4", "\\x5", "\\x6", "\\x7");

    final List<Detector> detectors;
    final List<Workload> workloads;
    final Automaton automaton;

    /// By word: the detectors that it makes candidates, as indices.
    final List<int[]> speaksFor;

    /// Words after which a token is looked for at that place.
    final BitSet tokenWords = new BitSet();

    /// Words for which a text is worth reading as a document.
    final BitSet documentWords = new BitSet();

    private final Map<String, List<Detector>> byProgram = new HashMap<>();

    final BitSet commandWords = new BitSet();
    final BitSet escapeWords = new BitSet();

    Compiled(Catalogue catalogue) {
        this.detectors = catalogue.detectors();
        this.workloads = catalogue.workloads();
        Map<String, List<Integer>> byWord = new LinkedHashMap<>();
        for (int d = 0; d < detectors.size(); d++) {
            Detector detector = detectors.get(d);
            for (Command command : detector.commands()) {
                List<Detector> same =
                        byProgram.computeIfAbsent(
                                command.program().toLowerCase(Locale.ROOT), _ -> new ArrayList<>());
                if (!same.contains(detector)) {
                    same.add(detector);
                }
            }
            for (String word : words(detector)) {
                byWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(d);
            }
        }
        ESCAPES.forEach(word -> byWord.putIfAbsent(word, new ArrayList<>()));
        byWord.putIfAbsent("hostpath", new ArrayList<>());
        List<String> words = List.copyOf(byWord.keySet());
        this.automaton = new Automaton(words);
        this.speaksFor = new ArrayList<>();
        for (int w = 0; w < words.size(); w++) {
            List<Integer> speaking = byWord.getOrDefault(words.get(w), List.of());
            int[] indices = speaking.stream().mapToInt(Integer::intValue).toArray();
            speaksFor.add(indices);
            sort(w, words.get(w), indices);
        }
    }

    /// The detectors of commands that run this program, in lower case.
    List<Detector> running(String program) {
        return byProgram.getOrDefault(program, List.of());
    }

    private void sort(int word, String text, int[] indices) {
        if (ESCAPES.contains(text)) {
            escapeWords.set(word);
        }
        if (text.equals("hostpath")) {
            documentWords.set(word);
        }
        for (int index : indices) {
            switch (detectors.get(index).kind()) {
                case PREFIX, JWT -> tokenWords.set(word);
                case FILE, ENV -> documentWords.set(word);
                case COMMAND -> commandWords.set(word);
                case TEXT, HOSTPATH -> {}
            }
        }
    }

    private static List<String> words(Detector detector) {
        if (detector.kind() != Kind.COMMAND) {
            return detector.anchors();
        }
        List<String> words = new ArrayList<>();
        for (Command command : detector.commands()) {
            words.add(command.words().isEmpty() ? command.program() : command.words().getLast());
        }
        return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).distinct().toList();
    }
}
