package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the few matches that can hold for some claims among very many.
///
/// Each entry is filed under one claim it compares with exact values: the claim whose values are
/// rarest among the entries. A look-up reads each filing claim once; what has no exact value is
/// always a candidate. Candidates come in the order in which they were given, and still have to be
/// matched.
final class MatchIndex<T> {

    /// Entries filed under one claim, by its value.
    private record Shelf<T>(ClaimReference claim, Map<Object, List<Entry<T>>> byValue) {}

    private record Entry<T>(int order, T item) {}

    private final List<T> all;
    private final List<Shelf<T>> shelves;
    private final List<Entry<T>> unfiled;

    MatchIndex(List<T> items, Function<T, Match> match) {
        Map<ClaimReference, Map<Object, Integer>> frequency = frequency(items, match);
        Map<ClaimReference, Shelf<T>> filed = new LinkedHashMap<>();
        List<Entry<T>> rest = new ArrayList<>();
        for (int order = 0; order < items.size(); order++) {
            T item = items.get(order);
            Entry<T> entry = new Entry<>(order, item);
            Match.Part key = rarest(match.apply(item), frequency);
            List<Object> values = key == null ? null : key.matcher().values();
            if (key == null || values == null) {
                rest.add(entry);
                continue;
            }
            Shelf<T> shelf =
                    filed.computeIfAbsent(
                            key.claim(), claim -> new Shelf<>(claim, new HashMap<>()));
            for (Object value : values) {
                shelf.byValue().computeIfAbsent(value, _ -> new ArrayList<>(1)).add(entry);
            }
        }
        this.all = List.copyOf(items);
        this.shelves = List.copyOf(filed.values());
        this.unfiled = List.copyOf(rest);
    }

    /// Every entry, in the order in which they were given.
    List<T> all() {
        return all;
    }

    private static <T> Map<ClaimReference, Map<Object, Integer>> frequency(
            List<T> items, Function<T, Match> match) {
        Map<ClaimReference, Map<Object, Integer>> frequency = new HashMap<>();
        for (T item : items) {
            for (Match.Part part : match.apply(item).parts()) {
                List<Object> values = part.matcher().values();
                if (values != null) {
                    Map<Object, Integer> counts =
                            frequency.computeIfAbsent(part.claim(), _ -> new HashMap<>());
                    for (Object value : values) {
                        counts.merge(value, 1, Integer::sum);
                    }
                }
            }
        }
        return frequency;
    }

    private static Match.@Nullable Part rarest(
            Match match, Map<ClaimReference, Map<Object, Integer>> frequency) {
        Match.Part rarest = null;
        long least = Long.MAX_VALUE;
        for (Match.Part part : match.parts()) {
            List<Object> values = part.matcher().values();
            Map<Object, Integer> counts = frequency.get(part.claim());
            if (values == null || counts == null) {
                continue;
            }
            long most = 0;
            for (Object value : values) {
                most = Math.max(most, counts.getOrDefault(value, 0));
            }
            if (most < least) {
                least = most;
                rarest = part;
            }
        }
        return rarest;
    }

    /// What can hold for these claims, in order.
    List<T> candidates(Claims claims) {
        List<Entry<T>> found = unfiled;
        boolean merged = false;
        for (int i = 0; i < shelves.size(); i++) {
            Shelf<T> shelf = shelves.get(i);
            Object value = shelf.claim().in(claims);
            // Only texts and truth values are ever filed; hashing a whole object would be the
            // caller's to abuse.
            if (!(value instanceof String) && !(value instanceof Boolean)) {
                continue;
            }
            List<Entry<T>> here = shelf.byValue().get(value);
            if (here == null) {
                continue;
            }
            if (found.isEmpty()) {
                found = here;
            } else {
                List<Entry<T>> both = new ArrayList<>(found.size() + here.size());
                both.addAll(found);
                both.addAll(here);
                found = both;
                merged = true;
            }
        }
        if (merged) {
            found.sort((a, b) -> Integer.compare(a.order(), b.order()));
        }
        List<T> items = new ArrayList<>(found.size());
        for (int i = 0; i < found.size(); i++) {
            items.add(found.get(i).item());
        }
        return items;
    }
}
