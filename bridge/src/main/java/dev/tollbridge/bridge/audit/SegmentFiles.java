package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The journal's files: named by the number of their first line, so that names sort as the chain
/// goes.
final class SegmentFiles {

    private static final String PREFIX = "audit-";
    private static final String SUFFIX = ".jsonl";
    private static final int DIGITS = 15;

    private SegmentFiles() {}

    static Path name(Path folder, long firstSeq) {
        String number = Long.toString(firstSeq);
        return folder.resolve(
                PREFIX + "0".repeat(Math.max(0, DIGITS - number.length())) + number + SUFFIX);
    }

    /// The number of the file's first line, or -1 when the file is none of the journal's.
    static long firstSeq(Path file) {
        String name = file.getFileName().toString();
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name, PREFIX.length(), name.length() - SUFFIX.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// In the order of the chain.
    static List<Path> in(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path file : entries) {
                if (firstSeq(file) > 0) {
                    files.add(file);
                }
            }
        }
        Collections.sort(files);
        return files;
    }
}
