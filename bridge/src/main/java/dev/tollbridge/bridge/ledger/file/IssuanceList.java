package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.AuditReader;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger.Query;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Walks the record backwards for those who list issuances: costs what the answer is old, and keeps
/// nothing in memory.
final class IssuanceList {

    private static final int MOST = 1000;

    /// Lines are not exactly in the order of their times.
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private IssuanceList() {}

    static List<IssuanceState> newestFirst(
            List<Path> files, Query query, Function<String, Optional<IssuanceState>> find) {
        int limit = Math.clamp(query.limit(), 1, MOST);
        Instant since = query.since();
        Instant stop = since == null ? null : since.minus(DISORDER);
        List<IssuanceState> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Path file : files) {
            boolean more =
                    AuditReader.backwards(
                            file,
                            line -> {
                                AuditRecord record = line.record();
                                if (stop != null && record.time().isBefore(stop)) {
                                    return false;
                                }
                                String id = record.id();
                                if (id != null && wanted(record, query) && seen.add(id)) {
                                    find.apply(id).ifPresent(found::add);
                                }
                                return found.size() < limit;
                            });
            if (!more) {
                break;
            }
        }
        return found;
    }

    private static boolean wanted(AuditRecord record, Query query) {
        boolean issuance =
                record.kind() == AuditRecord.Kind.ISSUED
                        || record.kind() == AuditRecord.Kind.RESERVED
                        || record.kind() == AuditRecord.Kind.FAILED;
        return issuance
                && (query.subject() == null || query.subject().equals(record.subject()))
                && (query.target() == null || query.target().equals(record.target()))
                && (query.since() == null || !record.time().isBefore(query.since()));
    }
}
