package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.MatchForm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// A whole `match`: every part of it must hold.
record Match(List<Part> parts) {

    record Part(ClaimReference claim, Matcher matcher) {
        boolean holds(Claims claims) {
            return matcher.matches(claim.in(claims));
        }
    }

    boolean holds(Claims claims) {
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).holds(claims)) {
                return false;
            }
        }
        return true;
    }

    /// As {@link #holds}, for claims as the record keeps them, where every value is a text.
    ///
    /// @param unknownFits what a claim counts for that is not among them
    boolean holdsForRecorded(Map<ClaimReference, String> recorded, boolean unknownFits) {
        for (Part part : parts) {
            String text = recorded.get(part.claim());
            boolean fits =
                    text == null
                            ? unknownFits
                            : part.matcher().matches(text)
                                    || isBoolean(text)
                                            && part.matcher().matches(Boolean.valueOf(text));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBoolean(String text) {
        return text.equals("true") || text.equals("false");
    }

    /// @param problem told of the key and of what is wrong there
    static Match of(Map<String, MatchForm> written, BiConsumer<String, String> problem) {
        List<Part> parts = new ArrayList<>(written.size());
        Set<ClaimReference> seen = new HashSet<>();
        written.forEach((key, form) -> {
            try {
                ClaimReference claim = ClaimReference.parse(key);
                if (!seen.add(claim)) {
                    throw new IllegalArgumentException("this claim is named twice");
                }
                parts.add(new Part(claim, Matcher.of(form)));
            } catch (IllegalArgumentException e) {
                problem.accept(key, String.valueOf(e.getMessage()));
            }
        });
        return new Match(List.copyOf(parts));
    }
}
