package dev.tollbridge.webhook.detect.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/// Aho-Corasick over bytes, ASCII letters folded: one table look-up for each byte finds every word
/// at once, whatever the number of words. Bytes that no word has share one column.
public final class Automaton {

    /// Takes one occurrence.
    @FunctionalInterface
    public interface Sink {
        /// @param word index in the list given
        /// @param end where the word ends, exclusive
        void accept(int word, int end);
    }

    private final int[] column = new int[256];
    private final int columns;

    /// Next state by state and column, states already multiplied by the number of columns.
    private final int[] next;

    /// Every state from here on ends a word: one comparison in the loop.
    private final int firstEnding;

    private final int[][] endings;
    private final int[] lengths;

    public Automaton(List<String> words) {
        int used = 1;
        for (String word : words) {
            for (byte b : bytes(word)) {
                if (column[b & 0xff] == 0) {
                    column[b & 0xff] = used++;
                }
            }
        }
        for (int c = 'A'; c <= 'Z'; c++) {
            column[c] = column[c + 32];
        }
        this.columns = used;
        this.lengths = words.stream().mapToInt(word -> bytes(word).length).toArray();

        List<int[]> trie = new ArrayList<>();
        List<BitSet> ends = new ArrayList<>();
        trie.add(fresh());
        ends.add(new BitSet());
        for (int w = 0; w < words.size(); w++) {
            int state = 0;
            for (byte b : bytes(words.get(w))) {
                int c = column[b & 0xff];
                if (trie.get(state)[c] < 0) {
                    trie.get(state)[c] = trie.size();
                    trie.add(fresh());
                    ends.add(new BitSet());
                }
                state = trie.get(state)[c];
            }
            ends.get(state).set(w);
        }
        complete(trie, ends);

        // Renumbered so that the states that end a word come last.
        int[] number = new int[trie.size()];
        int plain = 0;
        for (int s = 0; s < trie.size(); s++) {
            if (ends.get(s).isEmpty()) {
                number[s] = plain++;
            }
        }
        this.firstEnding = plain * columns;
        this.endings = new int[trie.size() - plain][];
        int ending = plain;
        for (int s = 0; s < trie.size(); s++) {
            if (!ends.get(s).isEmpty()) {
                endings[ending - plain] = ends.get(s).stream().toArray();
                number[s] = ending++;
            }
        }
        this.next = new int[trie.size() * columns];
        for (int s = 0; s < trie.size(); s++) {
            for (int c = 0; c < columns; c++) {
                next[number[s] * columns + c] = number[trie.get(s)[c]] * columns;
            }
        }
    }

    private static byte[] bytes(String word) {
        return word.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    private int[] fresh() {
        int[] row = new int[columns];
        Arrays.fill(row, -1);
        return row;
    }

    private void complete(List<int[]> trie, List<BitSet> ends) {
        int[] fail = new int[trie.size()];
        Deque<Integer> queue = new ArrayDeque<>();
        for (int c = 0; c < columns; c++) {
            int state = trie.getFirst()[c];
            if (state < 0) {
                trie.getFirst()[c] = 0;
            } else {
                queue.add(state);
            }
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            ends.get(state).or(ends.get(fail[state]));
            for (int c = 0; c < columns; c++) {
                int to = trie.get(state)[c];
                if (to < 0) {
                    trie.get(state)[c] = trie.get(fail[state])[c];
                } else {
                    fail[to] = trie.get(fail[state])[c];
                    queue.add(to);
                }
            }
        }
    }

    public void scan(byte[] text, int from, int to, Sink sink) {
        int state = 0;
        int[] column = this.column;
        int[] next = this.next;
        int firstEnding = this.firstEnding;
        for (int i = from; i < to; i++) {
            state = next[state + column[text[i] & 0xff]];
            if (state >= firstEnding) {
                for (int word : endings[(state - firstEnding) / columns]) {
                    sink.accept(word, i + 1);
                }
            }
        }
    }

    public int length(int word) {
        return lengths[word];
    }
}
