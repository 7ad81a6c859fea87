package dev.tollbridge.webhook.detect;

import java.util.ArrayList;
import java.util.List;

/// Where in a content a finding is.
///
/// @param within how it was reached, outermost first: members of archives, keys of embedded
///   documents, decodings; empty when the content itself holds it
/// @param line of the content, from 1; 0 when it has no lines
public record Place(List<String> within, int line) {

    public Place {
        within = List.copyOf(within);
    }

    /// The content as a whole.
    public static Place whole() {
        return new Place(List.of(), 0);
    }

    /// The same, reached through something further out.
    public Place inside(String outer) {
        List<String> longer = new ArrayList<>();
        longer.add(outer);
        longer.addAll(within);
        return new Place(longer, line);
    }

    /// The same, its text beginning later.
    public Place movedBy(int lines) {
        return new Place(within, line == 0 ? 0 : line + lines);
    }
}
