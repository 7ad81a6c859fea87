package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.YamlNode.Mapping;
import dev.tollbridge.bridge.config.YamlNode.Member;
import dev.tollbridge.bridge.config.YamlNode.Scalar;
import dev.tollbridge.bridge.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Turns YAML text into nodes, document by document, so that one broken document does not hide the
/// others.
///
/// Built on the parser's events: the tree has no aliases, so its size is that of the text, and the
/// depth is checked before anything recurses.
final class YamlText {

    /// Documents have at most some ten levels.
    static final int MAX_DEPTH = 32;

    /// As much as a cluster would store of one resource.
    static final int MAX_DOCUMENT = 1024 * 1024;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(MAX_DOCUMENT).setUseMarks(true).build();

    private YamlText() {}

    /// What is done with each document and each problem of a text.
    interface Sink {
        /// @param duplicates fields that stand twice in one mapping; the first is in the tree
        void document(YamlNode root, List<Duplicate> duplicates);

        void problem(SchemaRule rule, int line, String message, @Nullable String suggestion);
    }

    /// A second field of one name.
    ///
    /// @param path inside the document
    record Duplicate(int line, String path) {}

    /// The way from the document's root, built only as far as a message needs it.
    private record Step(@Nullable Step parent, String name) {
        String path() {
            String before = parent == null ? "" : parent.path();
            return name.startsWith("[") || before.isEmpty() ? before + name : before + "." + name;
        }
    }

    /// Documents whose trees are held at once while a large text is read.
    private static final int WINDOW = 1024;

    /// From one `---` to the next.
    private record Part(int start, int end, int line) {}

    /// @return whether every part of the text could be read
    static boolean read(String text, Sink sink) {
        boolean whole = true;
        List<Part> parts = new ArrayList<>();
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        int line = 1;
        while (start < text.length()) {
            int end = nextDocument(text, start);
            parts.add(new Part(start, end, line));
            if (parts.size() == WINDOW) {
                whole &= parts(text, parts, sink);
                parts.clear();
            }
            line += newlines(text, start, end);
            start = end;
        }
        return parts(text, parts, sink) && whole;
    }

    /// Parsing is most of the work and parts do not depend on each other: 100,000 documents are
    /// parsed on all processors, and handed over in their order.
    private static boolean parts(String text, List<Part> parts, Sink sink) {
        if (parts.size() < WINDOW) {
            boolean whole = true;
            for (Part part : parts) {
                whole &= part(text, part.start(), part.end(), part.line(), sink);
            }
            return whole;
        }
        List<Recording> recordings =
                parts.parallelStream()
                        .map(part -> {
                            Recording recording = new Recording();
                            recording.whole =
                                    part(text, part.start(), part.end(), part.line(), recording);
                            return recording;
                        })
                        .toList();
        boolean whole = true;
        for (Recording recording : recordings) {
            recording.said.forEach(one -> one.accept(sink));
            whole &= recording.whole;
        }
        return whole;
    }

    /// Keeps what is said to a sink, to say it again in order.
    private static final class Recording implements Sink {
        private final List<Consumer<Sink>> said = new ArrayList<>();
        private boolean whole;

        @Override
        public void document(YamlNode root, List<Duplicate> duplicates) {
            said.add(sink -> sink.document(root, duplicates));
        }

        @Override
        public void problem(
                SchemaRule rule, int line, String message, @Nullable String suggestion) {
            said.add(sink -> sink.problem(rule, line, message, suggestion));
        }
    }

    /// A line that starts with `---` and white space begins a document wherever it stands: not even
    /// a quoted or block scalar may hold one (YAML 1.2, section 9.1.2).
    private static int nextDocument(String text, int start) {
        int at = start;
        while (true) {
            int newline = text.indexOf("\n---", at);
            if (newline < 0) {
                return text.length();
            }
            int after = newline + 4;
            if (after >= text.length() || " \t\r\n".indexOf(text.charAt(after)) >= 0) {
                return newline + 1;
            }
            at = after;
        }
    }

    /// Looked for before parsing, because cutting at `---` parts a directive from its document.
    ///
    /// @return where the first line that is neither blank nor a comment starts, if with `%`; else
    ///   -1
    private static int directive(String text, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) != '%') {
            int newline = text.indexOf('\n', at);
            int stop = newline < 0 ? end : Math.min(newline, end);
            String line = text.substring(at, stop).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                return -1;
            }
            at = stop + 1;
        }
        return at < end ? at : -1;
    }

    private static int newlines(String text, int start, int end) {
        int count = 0;
        for (int i = text.indexOf('\n', start); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
            count++;
        }
        return count;
    }

    private static boolean part(String text, int start, int end, int line, Sink sink) {
        if (end - start > MAX_DOCUMENT) {
            sink.problem(
                    SchemaRule.TOO_LARGE,
                    line,
                    "a document of more than " + MAX_DOCUMENT + " characters",
                    null);
            return false;
        }
        int directive = directive(text, start, end);
        if (directive >= 0) {
            sink.problem(
                    SchemaRule.YAML_FORBIDDEN,
                    line + newlines(text, start, directive),
                    "YAML directives are not accepted",
                    null);
            return false;
        }
        Reading reading = new Reading(line - 1, sink);
        try {
            reading.documents(new Parse(SETTINGS).parseString(text.substring(start, end)));
            return true;
        } catch (Unacceptable e) {
            sink.problem(e.rule, e.line, e.getMessage(), null);
        } catch (MarkedYamlEngineException e) {
            sink.problem(
                    SchemaRule.YAML_SYNTAX,
                    line + e.getProblemMark().map(Mark::getLine).orElse(0),
                    "not YAML: " + printable(e.getProblem()),
                    null);
        } catch (ReaderException e) {
            sink.problem(
                    SchemaRule.YAML_SYNTAX,
                    line + newlines(text, start, Math.min(end, start + e.getPosition())),
                    "a character that YAML does not allow",
                    null);
        } catch (YamlEngineException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // The parser's own mistakes on odd input end here too: what it cannot read is refused.
            sink.problem(SchemaRule.YAML_SYNTAX, line, "not YAML", null);
        }
        return false;
    }

    private static String printable(@Nullable String problem) {
        String quoted = Problems.quoted(problem == null ? "syntax error" : problem);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static final class Reading {

        private final int linesBefore;
        private final Sink sink;
        private List<Duplicate> duplicates = new ArrayList<>();

        Reading(int linesBefore, Sink sink) {
            this.linesBefore = linesBefore;
            this.sink = sink;
        }

        void documents(Iterable<Event> parsed) {
            Iterator<Event> events = parsed.iterator();
            while (events.hasNext()) {
                Event event = events.next();
                if (event instanceof DocumentStartEvent start) {
                    if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
                        throw new Unacceptable(
                                SchemaRule.YAML_FORBIDDEN,
                                line(event),
                                "YAML directives are not accepted");
                    }
                    duplicates = new ArrayList<>();
                    YamlNode root = node(events.next(), events, 0, null);
                    if (!isEmpty(root)) {
                        sink.document(root, duplicates);
                    }
                }
            }
        }

        private static boolean isEmpty(YamlNode root) {
            return root instanceof Scalar scalar && scalar.plain() && scalar.text().isEmpty();
        }

        private YamlNode node(Event event, Iterator<Event> events, int depth, @Nullable Step step) {
            int line = line(event);
            if (event instanceof AliasEvent) {
                throw new Unacceptable(
                        SchemaRule.YAML_FORBIDDEN,
                        line,
                        "YAML aliases are not accepted: write the value out");
            }
            if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                throw new Unacceptable(
                        SchemaRule.YAML_FORBIDDEN,
                        line,
                        "YAML anchors are not accepted: write the value out");
            }
            if (tag(event).isPresent()) {
                throw new Unacceptable(
                        SchemaRule.YAML_FORBIDDEN, line, "YAML tags are not accepted");
            }
            if (event instanceof ScalarEvent scalar) {
                return new Scalar(line, scalar.getValue(), scalar.isPlain());
            }
            if (depth == MAX_DEPTH) {
                throw new Unacceptable(
                        SchemaRule.YAML_DEPTH,
                        line,
                        "nested more than " + MAX_DEPTH + " levels deep");
            }
            return event.getEventId() == Event.ID.MappingStart
                    ? mapping(line, events, depth + 1, step)
                    : sequence(line, events, depth + 1, step);
        }

        private static Optional<String> tag(Event event) {
            return switch (event) {
                case ScalarEvent scalar -> scalar.getTag();
                case CollectionStartEvent collection -> collection.getTag();
                default -> Optional.empty();
            };
        }

        private Mapping mapping(int line, Iterator<Event> events, int depth, @Nullable Step step) {
            List<Member> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (Event event = events.next();
                    event.getEventId() != Event.ID.MappingEnd;
                    event = events.next()) {
                if (!(node(event, events, depth, step) instanceof Scalar name)) {
                    throw new Unacceptable(
                            SchemaRule.YAML_SYNTAX, line(event), "a field's name must be text");
                }
                Step inner = new Step(step, name.text());
                YamlNode value = node(events.next(), events, depth, inner);
                if (names.add(name.text())) {
                    entries.add(new Member(name, value));
                } else {
                    duplicates.add(new Duplicate(name.line(), inner.path()));
                }
            }
            return new Mapping(line, entries);
        }

        private Sequence sequence(
                int line, Iterator<Event> events, int depth, @Nullable Step step) {
            List<YamlNode> elements = new ArrayList<>();
            for (Event event = events.next();
                    event.getEventId() != Event.ID.SequenceEnd;
                    event = events.next()) {
                elements.add(
                        node(event, events, depth, new Step(step, "[" + elements.size() + "]")));
            }
            return new Sequence(line, elements);
        }

        private int line(Event event) {
            return linesBefore + 1 + event.getStartMark().map(Mark::getLine).orElse(0);
        }
    }

    private static final class Unacceptable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final SchemaRule rule;
        private final int line;

        Unacceptable(SchemaRule rule, int line, String message) {
            super(message, null, false, false);
            this.rule = rule;
            this.line = line;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
