package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Carrier;
import dev.tollbridge.webhook.detect.Place;
import java.util.ArrayList;
import java.util.List;

/// How a text was reached.
///
/// @param name of the file or key it is
/// @param within what it was found in, outermost first
/// @param line of the outermost text where it begins; 0 when it is that text itself
/// @param depth of decodings so far
/// @param row whether it came out of a database
record Trail(Carrier carrier, String name, List<String> within, int line, int depth, boolean row) {

    /// Keys are the sender's words, and may be as long as they like.
    private static final int MAX_NAME = 120;

    static Trail to(Carrier carrier, String name) {
        return new Trail(carrier, name, List.of(), 0, 0, false);
    }

    Trail member(String member) {
        return new Trail(Carrier.FILE, member, with(shortened(member)), line, depth + 1, row);
    }

    Trail ofRow() {
        return new Trail(Carrier.FILE, name, with("row"), line, depth + 1, true);
    }

    /// @param whole whether it is all of the text: only then the name is still its own
    Trail decoded(int at, boolean whole) {
        return new Trail(
                carrier, whole ? name : "", with("base64"), line == 0 ? at : line, depth + 1, row);
    }

    /// A value inside a document.
    Trail value(String key, int at) {
        return new Trail(
                Carrier.KEY, key, with(shortened(key)), line == 0 ? at : line, depth + 1, row);
    }

    Place place(int at) {
        return new Place(within, line == 0 ? at : line);
    }

    private List<String> with(String part) {
        List<String> longer = new ArrayList<>(within);
        longer.add(part);
        return longer;
    }

    /// A name may hold a token (a key of a cache is often one's hash, a member's path anything):
    /// what could be one is not repeated.
    private static String shortened(String name) {
        StringBuilder plain = new StringBuilder();
        int run = 0;
        for (int i = 0; i < Math.min(name.length(), MAX_NAME); i++) {
            char c = name.charAt(i);
            run = Character.isLetterOrDigit(c) || c == '_' || c == '-' ? run + 1 : 0;
            if (Character.isISOControl(c)) {
                plain.append('?');
            } else if (run <= 40) {
                plain.append(c);
            } else if (run == 41) {
                plain.append('…');
            }
        }
        return plain.toString();
    }
}
