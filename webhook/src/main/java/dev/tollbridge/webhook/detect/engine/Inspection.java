package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Carrier;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.detect.Uninspected.Reason;
import dev.tollbridge.webhook.detect.parse.Archives;
import dev.tollbridge.webhook.detect.parse.Base64Runs;
import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.parse.Documents;
import dev.tollbridge.webhook.detect.parse.Magic;
import dev.tollbridge.webhook.detect.parse.SqliteRows;
import dev.tollbridge.webhook.detect.parse.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges one content: unpacks, looks for anchors, reads the structure where there are any, and
/// goes on inside the values. Used once, by one thread.
final class Inspection {

    private final Compiled compiled;
    private final Bounds bounds;
    private final Budget budget;
    private final Sightings sightings = new Sightings();
    private final List<Uninspected> uninspected = new ArrayList<>();
    private final Structures structures;
    private final Tokens tokens;

    Inspection(Compiled compiled, Bounds bounds, Budget budget) {
        this.compiled = compiled;
        this.bounds = bounds;
        this.budget = budget;
        this.tokens = new Tokens(compiled, budget, sightings);
        this.structures = new Structures(compiled, budget, sightings, tokens, this::inspect);
    }

    Judgement judge(Content content, Fingerprints fingerprints) {
        Trail trail = Trail.to(content.carrier(), content.name());
        try {
            switch (content.carrier()) {
                case HOST_PATH -> structures.hostPath(text(content.bytes()), trail, 0);
                case COMMAND -> {
                    structures.command(text(content.bytes()), true, trail, 0);
                    inspect(content.bytes(), trail, null);
                }
                case FILE, KEY, ENV -> inspect(content.bytes(), trail, null);
            }
        } catch (Budget.Spent e) {
            uninspected.add(new Uninspected(trail.place(0), e.reason()));
        } catch (StackOverflowError e) {
            // A pattern of ours, on a value that was made for it: say so rather than fail open.
            uninspected.add(new Uninspected(trail.place(0), Reason.TOO_DEEP));
        }
        return new Judgement(sightings.findings(fingerprints), uninspected);
    }

    /// @param owner the draft that this text is part of, if any
    private void inspect(byte[] bytes, Trail trail, @Nullable Draft owner) {
        budget.steps(bytes.length / 4 + 1);
        try {
            switch (Magic.of(bytes)) {
                case GZIP ->
                        enter(
                                trail,
                                () ->
                                        Archives.gzip(
                                                bytes,
                                                budget,
                                                (_, content) -> unpacked(content, trail, owner)));
                case ZIP ->
                        enter(
                                trail,
                                () ->
                                        Archives.zip(
                                                bytes,
                                                budget,
                                                (name, content) ->
                                                        inspect(
                                                                content,
                                                                trail.member(name),
                                                                owner)));
                case TAR ->
                        enter(
                                trail,
                                () ->
                                        Archives.tar(
                                                bytes,
                                                budget,
                                                (name, content) ->
                                                        inspect(
                                                                content,
                                                                trail.member(name),
                                                                owner)));
                case SQLITE -> {
                    tokens.named(bytes, new Hits(compiled, bytes, trail.name()), trail, owner);
                    enter(
                            trail,
                            () ->
                                    SqliteRows.read(
                                            bytes,
                                            budget,
                                            row -> inspect(row, trail.ofRow(), owner)));
                }
                case UTF_16 ->
                        text(
                                new String(bytes, StandardCharsets.UTF_16)
                                        .getBytes(StandardCharsets.UTF_8),
                                trail,
                                owner);
                case PACKED -> uninspected.add(new Uninspected(trail.place(0), Reason.DAMAGED));
                case ENCRYPTED ->
                        uninspected.add(new Uninspected(trail.place(0), Reason.ENCRYPTED));
                case MEDIA -> {}
                case NONE -> text(bytes, trail, owner);
            }
        } catch (Unreadable e) {
            uninspected.add(new Uninspected(trail.place(0), Reason.DAMAGED));
        }
    }

    private interface Reading {
        void read() throws Unreadable;
    }

    private void enter(Trail trail, Reading reading) throws Unreadable {
        if (trail.depth() >= bounds.depth()) {
            uninspected.add(new Uninspected(trail.place(0), Reason.TOO_DEEP));
            return;
        }
        reading.read();
    }

    private void unpacked(byte[] content, Trail trail, @Nullable Draft owner) {
        String name =
                trail.name().endsWith(".gz")
                        ? trail.name().substring(0, trail.name().length() - 3)
                        : trail.name();
        inspect(content, trail.member(name), owner);
    }

    private void text(byte[] bytes, Trail trail, @Nullable Draft owner) {
        Hits hits = new Hits(compiled, bytes, trail.name());
        Draft whole = structures.named(bytes, hits, trail, owner);
        boolean binary = binary(bytes);
        if (!binary) {
            boolean command = trail.carrier() == Carrier.COMMAND;
            if ((hits.document() || hits.command()) && !command) {
                Documents.read(
                        bytes,
                        !hits.document(),
                        budget,
                        root -> structures.document(root, hits, trail, whole));
            }
            if (hits.command() && Scripts.runs(trail, bytes)) {
                structures.command(text(bytes), trail.carrier() == Carrier.COMMAND, trail, 0);
            }
        }
        tokens.find(bytes, hits, trail, whole);
        tokens.named(bytes, hits, trail, whole);
        if (trail.depth() < bounds.depth() && !binary) {
            Lines lines = new Lines(bytes);
            Base64Runs.find(
                    bytes,
                    budget,
                    Inspection::worthwhile,
                    (decoded, at, end) -> {
                        int line = trail.line() == 0 ? lines.at(at) : 0;
                        // padding and a line's end may follow
                        boolean all = at <= 1 && end >= bytes.length - 4;
                        inspect(decoded, trail.decoded(line, all), whole);
                    });
        }
    }

    /// Most of what decodes is not base64: only text and what is packed goes the whole way again.
    private static boolean worthwhile(byte[] head) {
        return switch (Magic.of(head)) {
            case GZIP, ZIP, TAR, SQLITE, UTF_16 -> true;
            case NONE, MEDIA -> printable(head);
            case PACKED, ENCRYPTED -> false;
        };
    }

    /// The first bytes of a text; what is no base64 decodes to noise.
    private static boolean printable(byte[] bytes) {
        int length = Math.min(bytes.length, 24);
        for (int i = 0; i < length; i++) {
            int b = bytes[i];
            if (b < 9 || (b > 13 && b < 32) || b == 127) {
                return false;
            }
        }
        return true;
    }

    private static boolean binary(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 2048); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
