package dev.tollbridge.webhook.detect.parse;

import dev.tollbridge.webhook.detect.Uninspected.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML, from events: an alias becomes the same node again, never a copy, so that a bomb of aliases
/// is as small as it was written. Whoever walks the tree visits each node once.
public final class YamlReader {

    private static final int MAX_ALIASES = 1000;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    // bounded by the caller, in bytes
                    .setCodePointLimit(Integer.MAX_VALUE)
                    .setUseMarks(true)
                    .setParseComments(false)
                    .build();

    private final Budget budget;
    private final TreeBuilder tree;
    private final Map<Anchor, Node> anchors = new HashMap<>();
    private int aliases;

    private YamlReader(Budget budget) {
        this.budget = budget;
        this.tree = new TreeBuilder(budget);
    }

    /// @return one tree for each document
    public static List<Node> read(String text, Budget budget) throws Unreadable {
        budget.steps(text.length());
        YamlReader reader = new YamlReader(budget);
        try {
            for (Event event : new Parse(SETTINGS).parseString(text)) {
                reader.take(event, event.getStartMark().map(Mark::getLine).orElse(0) + 1);
            }
        } catch (YamlEngineException | IndexOutOfBoundsException e) {
            // The second: its scanner runs past the end of some broken texts.
            throw new Unreadable("YAML");
        }
        return reader.tree.roots();
    }

    private void take(Event event, int line) {
        switch (event.getEventId()) {
            case MappingStart -> remember(event, tree.begin(true, line));
            case SequenceStart -> remember(event, tree.begin(false, line));
            case MappingEnd, SequenceEnd -> tree.end();
            case Scalar -> scalar((ScalarEvent) event, line);
            case Alias -> alias((AliasEvent) event, line);
            case Comment, DocumentStart, DocumentEnd, StreamStart, StreamEnd -> {}
        }
    }

    private void scalar(ScalarEvent event, int line) {
        if (tree.wantsKey()) {
            tree.key(event.getValue());
            return;
        }
        budget.step();
        Node value = new Node.Scalar(text(event), line);
        remember(event, value);
        tree.add(value);
    }

    private static @Nullable String text(ScalarEvent event) {
        String text = event.getValue();
        boolean absent = text.isEmpty() || text.equals("~") || text.equals("null");
        return event.isPlain() && absent ? null : text;
    }

    private void alias(AliasEvent event, int line) {
        if (++aliases > MAX_ALIASES) {
            throw new Budget.Spent(Reason.EXPANDS_TOO_MUCH);
        }
        if (tree.wantsKey()) {
            tree.key("*");
            return;
        }
        Node target = anchors.get(event.getAlias());
        tree.add(target == null ? new Node.Scalar(null, line) : target);
    }

    private void remember(Event event, Node node) {
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }
}
