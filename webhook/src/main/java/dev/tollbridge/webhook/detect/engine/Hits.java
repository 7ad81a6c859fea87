package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import dev.tollbridge.webhook.detect.parse.Budget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// Which signs one text has, and where tokens may begin in it: the result of the one pass.
final class Hits {

    private static final int MOST_TOKENS = 1 << 20;
    private static final int[] NONE = new int[0];

    private final Compiled compiled;
    private final SignSet signs;
    private final BitSet candidates;
    private final boolean command;
    private final boolean mounts;
    private int[] tokenWords = NONE;
    private int[] tokenStarts = NONE;
    private int tokens;

    /// @param name of the text: a variable's name is a sign as much as its value
    Hits(Compiled compiled, byte[] text, String name) {
        this.compiled = compiled;
        this.signs = new SignSet(compiled.signs.length);
        this.candidates = new BitSet(compiled.detectors.size());
        if (!name.isEmpty()) {
            byte[] named = name.getBytes(StandardCharsets.UTF_8);
            compiled.finder.find(named, (word, start) -> sign(named, word, start));
        }
        compiled.finder.find(
                text,
                (word, start) -> {
                    sign(text, word, start);
                    token(text, word, start);
                });
        boolean escaped = !signs.isEmpty() && compiled.escaped(signs, text);
        choose(compiled.files, escaped);
        choose(compiled.variables, escaped);
        choose(compiled.texts, escaped);
        this.command = !signs.isEmpty() && (escaped || compiled.command(signs, text));
        this.mounts = !signs.isEmpty() && compiled.mounts(signs);
    }

    private void sign(byte[] text, int word, int start) {
        int end = start + compiled.finder.length(word);
        for (int sign : compiled.signsOfWord[word]) {
            if (!signs.has(sign) && compiled.signs[sign].stands(text, start, end)) {
                signs.add(sign);
            }
        }
    }

    private void token(byte[] text, int word, int start) {
        if (compiled.tokensOfWord[word].length == 0 || !Tokens.begins(text, start)) {
            return;
        }
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
        tokenStarts[tokens++] = start;
    }

    private void choose(int[] detectors, boolean escaped) {
        for (int detector : detectors) {
            if (escaped || compiled.needs[detector].met(signs)) {
                candidates.set(detector);
            }
        }
    }

    /// Whether the text is worth reading as a document.
    boolean document() {
        return mounts || any(compiled.files) || any(compiled.variables);
    }

    private boolean any(int[] detectors) {
        for (int detector : detectors) {
            if (candidates.get(detector)) {
                return true;
            }
        }
        return false;
    }

    boolean command() {
        return command;
    }

    boolean candidate(int detector) {
        return candidates.get(detector);
    }

    boolean nothing() {
        return candidates.isEmpty() && !command && !mounts && tokens == 0;
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
