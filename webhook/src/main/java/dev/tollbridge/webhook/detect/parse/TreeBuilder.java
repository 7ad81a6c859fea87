package dev.tollbridge.webhook.detect.parse;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds a tree from events without recursion: nesting is bounded here, not by the stack.
final class TreeBuilder {

    static final int MAX_DEPTH = 200;

    /// A node takes some eighty bytes of memory.
    private static final int MAX_NODES = 1_000_000;

    /// A collection that is not finished.
    private static final class Open {
        final @Nullable List<Node.Entry> entries;
        final @Nullable List<Node> items;
        final Node node;
        @Nullable String key;

        Open(boolean mapping, int line) {
            entries = mapping ? new ArrayList<>() : null;
            items = mapping ? null : new ArrayList<>();
            node =
                    entries != null
                            ? new Node.Mapping(entries, line)
                            : new Node.Sequence(items == null ? List.of() : items, line);
        }
    }

    private final Budget budget;
    private final Deque<Open> open = new ArrayDeque<>();
    private int nodes;
    private final List<Node> roots = new ArrayList<>();

    TreeBuilder(Budget budget) {
        this.budget = budget;
    }

    /// @return the collection, complete only after its end
    Node begin(boolean mapping, int line) {
        budget.step();
        if (open.size() >= MAX_DEPTH) {
            throw new Budget.Spent(Reason.TOO_DEEP);
        }
        Open next = new Open(mapping, line);
        add(next.node);
        open.push(next);
        return next.node;
    }

    void end() {
        open.pop();
    }

    /// A name in a mapping, or a value. YAML does not say which of the two comes.
    boolean wantsKey() {
        Open current = open.peek();
        return current != null && current.entries != null && current.key == null;
    }

    void key(String name) {
        budget.step();
        Open current = open.peek();
        if (current != null) {
            current.key = name;
        }
    }

    void scalar(@Nullable String text, int line) {
        budget.step();
        add(new Node.Scalar(text, line));
    }

    void add(Node node) {
        if (++nodes > MAX_NODES) {
            throw new Budget.Spent(Reason.TOO_MANY_PARTS);
        }
        Open current = open.peek();
        if (current == null) {
            roots.add(node);
        } else if (current.entries != null) {
            // YAML allows a collection as a name: it is kept, and what follows is its value.
            boolean name = current.key == null;
            current.entries.add(new Node.Entry(current.key == null ? "?" : current.key, node));
            current.key = name ? "?" : null;
        } else if (current.items != null) {
            current.items.add(node);
        }
    }

    List<Node> roots() {
        return roots;
    }
}
