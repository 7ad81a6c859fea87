package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.FileChannelDisk;
import dev.tollbridge.bridge.audit.JournalDisk;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/// @param clock judges what has expired
/// @param deadline how long a caller waits for its record to be on disk before it is told
///   `ledger_unavailable`
/// @param queue records that may wait to be written; beyond that callers are told `overloaded`
/// @param segmentBytes size at which the journal begins a new file
/// @param replayEntries uses of tokens remembered at once, at about 45 bytes each; beyond that
///   callers are told `overloaded`
/// @param refusedBytes disk space for refusals that anybody can cause
/// @param disk where the journal is written
/// @param end ends the process; called with the reason when what is on disk is no longer certain
///   (DESIGN 14, rule 4)
public record FileLedgerSettings(
        InstantSource clock,
        Duration deadline,
        int queue,
        int segmentBytes,
        int replayEntries,
        long refusedBytes,
        JournalDisk disk,
        Consumer<String> end) {

    public static FileLedgerSettings standard(InstantSource clock) {
        return new FileLedgerSettings(
                clock,
                Duration.ofSeconds(2),
                16_384,
                64 << 20,
                8_000_000,
                64L << 20,
                new FileChannelDisk(),
                FileLedgerSettings::halt);
    }

    private static void halt(String reason) {
        // Standard error, not the logger: nothing may stand between this and the end.
        System.err.println("tollbridge: ending: " + reason);
        Runtime.getRuntime().halt(3);
    }

    public FileLedgerSettings withDeadline(Duration other) {
        return new FileLedgerSettings(
                clock, other, queue, segmentBytes, replayEntries, refusedBytes, disk, end);
    }

    public FileLedgerSettings withQueue(int other) {
        return new FileLedgerSettings(
                clock, deadline, other, segmentBytes, replayEntries, refusedBytes, disk, end);
    }

    public FileLedgerSettings withSegmentBytes(int other) {
        return new FileLedgerSettings(
                clock, deadline, queue, other, replayEntries, refusedBytes, disk, end);
    }

    public FileLedgerSettings withReplayEntries(int other) {
        return new FileLedgerSettings(
                clock, deadline, queue, segmentBytes, other, refusedBytes, disk, end);
    }

    public FileLedgerSettings withRefusedBytes(long other) {
        return new FileLedgerSettings(
                clock, deadline, queue, segmentBytes, replayEntries, other, disk, end);
    }

    public FileLedgerSettings withDisk(JournalDisk other) {
        return new FileLedgerSettings(
                clock, deadline, queue, segmentBytes, replayEntries, refusedBytes, other, end);
    }

    public FileLedgerSettings withEnd(Consumer<String> other) {
        return new FileLedgerSettings(
                clock, deadline, queue, segmentBytes, replayEntries, refusedBytes, disk, other);
    }
}
