package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.audit.AuditReader;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditVerification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the record says of everything that was told before, and that nobody has changed it.
final class RecordStory {

    private final Path folder;
    private final Story story;

    /// @param folder of the record's files
    RecordStory(Path folder, Story story) {
        this.folder = folder;
        this.story = story;
    }

    /// @throws ToldOtherwise when it does not hold what happened
    void tell() {
        story.step("What the record says: every decision, granted or refused");
        List<AuditRecord> decisions = new ArrayList<>();
        AuditReader.forwards(
                folder,
                record ->
                        switch (record.kind()) {
                            case ISSUED, REFUSED, REVOKED -> true;
                            case RESERVED,
                                    FAILED,
                                    UNCERTAIN,
                                    EXPIRED,
                                    SHADOW,
                                    SESSION,
                                    CONFIG,
                                    KEY ->
                                    false;
                        },
                line -> decisions.add(line.record()));
        for (AuditRecord each : decisions) {
            story.line(
                    "        "
                            + each.time().truncatedTo(ChronoUnit.SECONDS)
                            + "  "
                            + padded(each.kind().code(), 8)
                            + "  "
                            + padded(each.issuer(), 7)
                            + "  "
                            + padded(each.target(), 16)
                            + "  "
                            + (each.reason() != null ? each.reason() : each.id()));
        }
        count(decisions, AuditRecord.Kind.ISSUED, 4);
        count(decisions, AuditRecord.Kind.REFUSED, 3);
        count(decisions, AuditRecord.Kind.REVOKED, 1);
        try {
            AuditVerification.Result result = AuditVerification.verify(folder, null);
            story.check(
                    result.holds(), "the chain holds, not: " + String.valueOf(result.problem()));
            story.say(
                    "Each line carries the hash of the one before: "
                            + result.lines()
                            + " lines checked, none changed, none missing.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(List<AuditRecord> decisions, AuditRecord.Kind kind, int expected) {
        long found = decisions.stream().filter(record -> record.kind() == kind).count();
        story.check(
                found == expected,
                "the record holds " + expected + " " + kind.code() + ", not " + found);
    }

    private static String padded(@Nullable String text, int width) {
        String shown = text == null ? "-" : text;
        return shown + " ".repeat(Math.max(0, width - shown.length()));
    }
}
