package dev.tollbridge.webhook.scan;

import java.util.List;

/// What a scan gave, sorted by path and line.
///
/// @param known how many findings the baseline had already
/// @param fingerprintKey under which the findings' fingerprints were made; hexadecimal
public record ScanReport(
        List<Located> findings,
        List<NotInspected> notInspected,
        int known,
        long files,
        long bytes,
        String fingerprintKey) {

    public ScanReport {
        findings = List.copyOf(findings);
        notInspected = List.copyOf(notInspected);
    }

    /// What the webhook would block.
    public long errors() {
        return findings.stream()
                .filter(located -> Level.of(located.finding()) == Level.ERROR)
                .count();
    }

    public long warnings() {
        return findings.size() - errors();
    }
}
