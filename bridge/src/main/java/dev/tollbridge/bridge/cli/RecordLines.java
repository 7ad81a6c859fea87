package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.RecordLine;
import dev.tollbridge.bridge.http.RecordTree;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints lines as they are read: a record may be larger than the memory.
final class RecordLines {

    private final PrintWriter out;
    private final boolean json;
    private boolean first = true;

    RecordLines(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void begin() {
        if (json) {
            out.print("[");
        }
    }

    void print(RecordLine line) {
        if (json) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            if (line.seq() > 0) {
                tree.put("seq", line.seq());
                tree.put("prev", line.prev());
            }
            tree.putAll(RecordTree.of(line.record()));
            out.print((first ? "\n" : ",\n") + JsonOutput.compact(tree));
        } else {
            out.println(text(line.record()));
        }
        first = false;
    }

    void end() {
        if (json) {
            out.println("\n]");
        }
        out.flush();
    }

    private static String text(AuditRecord record) {
        StringBuilder text = new StringBuilder(160);
        text.append(record.time()).append("  ").append(record.kind().code());
        text.append(" ".repeat(Math.max(1, 11 - record.kind().code().length())));
        text.append(record.id() != null ? record.id() : record.receipt());
        member(text, "reason", record.reason());
        member(text, "issuer", record.issuer());
        member(text, "subject", record.subject());
        member(text, "target", record.target());
        member(text, "grant", record.grant());
        member(text, "scope", record.scope());
        member(text, "expires", record.expires());
        member(text, "token", record.tokenFingerprint());
        member(text, "peer", record.peer());
        member(text, "other_peer", record.otherPeer() ? "true" : null);
        if (record.id() != null && record.reason() != null) {
            member(text, "receipt", record.receipt());
        }
        member(text, "detail", record.detail());
        return Plain.text(text.toString());
    }

    private static void member(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            String written = String.valueOf(value);
            boolean quote = written.isEmpty() || written.indexOf(' ') >= 0;
            text.append("  ").append(name).append('=');
            text.append(quote ? "\"" + written + "\"" : written);
        }
    }
}
