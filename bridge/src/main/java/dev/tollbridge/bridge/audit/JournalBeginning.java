package dev.tollbridge.bridge.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a record begins whose oldest files were removed: `audit/begin.jws` holds the head of what
/// is gone, signed by the bridge's key, so that the chain that is left still begins somewhere.
public final class JournalBeginning {

    /// Beside the files of the record.
    public static final String FILE = "begin.jws";

    private static final int LONGEST = 8192;

    private JournalBeginning() {}

    /// The last line before a file of the record, as the file's first line names it.
    ///
    /// @throws IOException when it cannot be read, or is no file of the record
    public static ChainHead before(Path file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                if (line.size() == LONGEST) {
                    throw new IOException(file.getFileName() + " has no first line");
                }
                line.write(b);
            }
        }
        byte[] bytes = line.toByteArray();
        RecordLine first = RecordLine.parse(bytes, 0, bytes.length);
        String ledger = first.record().id();
        if (first.format() == 0 || ledger == null || first.seq() < 1) {
            throw new IOException(file.getFileName() + " has no first line");
        }
        return new ChainHead(ledger, first.seq() - 1, first.prev());
    }
}
