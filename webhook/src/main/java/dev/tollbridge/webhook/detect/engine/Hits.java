package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import dev.tollbridge.webhook.detect.parse.Budget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// Which anchors one text holds, and where tokens may begin in it: the result of the one pass.
final class Hits {

    private static final int MOST_TOKENS = 1 << 20;

    private final Compiled compiled;
    private final BitSet words = new BitSet();
    private final BitSet detectors = new BitSet();
    private int[] tokenWords = new int[0];
    private int[] tokenStarts = new int[0];
    private int tokens;

    private Hits(Compiled compiled) {
        this.compiled = compiled;
    }

    /// @param name of the text: a variable's name is an anchor as much as its value
    static Hits in(Compiled compiled, byte[] text, String name) {
        Hits hits = new Hits(compiled);
        byte[] named = name.getBytes(StandardCharsets.UTF_8);
        compiled.automaton.scan(named, 0, named.length, (word, _) -> hits.words.set(word));
        compiled.automaton.scan(text, 0, text.length, hits::found);
        hits.words.stream()
                .forEach(word -> {
                    for (int detector : compiled.speaksFor.get(word)) {
                        hits.detectors.set(detector);
                    }
                });
        return hits;
    }

    private void found(int word, int end) {
        words.set(word);
        if (compiled.tokenWords.get(word)) {
            if (tokens == MOST_TOKENS) {
                // Beginnings of tokens, and nothing else, for megabytes.
                throw new Budget.Spent(Reason.TOO_MANY_PARTS);
            }
            if (tokens == tokenWords.length) {
                int size = Math.max(16, tokens * 2);
                tokenWords = Arrays.copyOf(tokenWords, size);
                tokenStarts = Arrays.copyOf(tokenStarts, size);
            }
            tokenWords[tokens] = word;
            tokenStarts[tokens++] = end - compiled.automaton.length(word);
        }
    }

    boolean document() {
        return words.intersects(compiled.documentWords) || escaped();
    }

    boolean command() {
        return words.intersects(compiled.commandWords);
    }

    private boolean escaped() {
        return words.intersects(compiled.escapeWords);
    }

    /// Letters written as escapes hide anchors: then everything is a candidate.
    boolean candidate(int detector) {
        return detectors.get(detector) || escaped();
    }

    int tokens() {
        return tokens;
    }

    int tokenWord(int index) {
        return tokenWords[index];
    }

    int tokenStart(int index) {
        return tokenStarts[index];
    }
}
