package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One document, walked once: which mappings have a name, and every value with the name it has.
/// Aliases are visited once, so a tree that is a bomb when expanded is as small as it was written.
@SuppressWarnings("ReferenceEquality") // nodes may be alike and are not the same
final class Tree {

    /// @param key of the value, or of the list that it is an item of; the sibling `name` of a
    ///   `{name, value}` pair
    /// @param parent null for items of a root list
    record Leaf(String key, Node.Scalar scalar, Node.@Nullable Mapping parent) {}

    private record Visit(Node node, String key, Node.@Nullable Mapping parent) {}

    private final Map<String, List<Node.Mapping>> having = new HashMap<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Node.Mapping> mappings = new ArrayList<>();

    Tree(Node root, Budget budget) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Visit> todo = new ArrayDeque<>();
        todo.push(new Visit(root, "", null));
        while (!todo.isEmpty()) {
            Visit visit = todo.pop();
            budget.step();
            switch (visit.node()) {
                case Node.Scalar scalar -> leaves.add(new Leaf(key(visit), scalar, visit.parent()));
                case Node.Sequence sequence -> {
                    if (seen.add(sequence)) {
                        for (Node item : sequence.items().reversed()) {
                            todo.push(new Visit(item, visit.key(), visit.parent()));
                        }
                    }
                }
                case Node.Mapping mapping -> {
                    if (seen.add(mapping)) {
                        mappings.add(mapping);
                        for (Node.Entry entry : mapping.entries().reversed()) {
                            List<Node.Mapping> same =
                                    having.computeIfAbsent(entry.key(), _ -> new ArrayList<>());
                            // A name that is there a thousand times makes one candidate.
                            if (same.isEmpty() || same.getLast() != mapping) {
                                same.add(mapping);
                            }
                            todo.push(new Visit(entry.value(), entry.key(), mapping));
                        }
                    }
                }
            }
        }
    }

    private static String key(Visit visit) {
        Node.Mapping parent = visit.parent();
        if (parent != null
                && parent.entries().size() <= 8
                && visit.key().equalsIgnoreCase("value")) {
            for (String name : List.of("name", "Name", "key", "Key")) {
                if (parent.get(name) instanceof Node.Scalar scalar && scalar.text() != null) {
                    return scalar.text();
                }
            }
        }
        return visit.key();
    }

    List<Node.Mapping> having(String key) {
        return having.getOrDefault(key, List.of());
    }

    List<Node.Mapping> mappings() {
        return mappings;
    }

    List<Leaf> leaves() {
        return leaves;
    }
}
