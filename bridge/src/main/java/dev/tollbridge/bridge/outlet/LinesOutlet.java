package dev.tollbridge.bridge.outlet;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/// One line of the record is one line of a stream, as log collectors read it.
public final class LinesOutlet implements RecordOutlet {

    private final PrintStream stream;

    public LinesOutlet(PrintStream stream) {
        this.stream = stream;
    }

    @Override
    public void send(List<byte[]> lines) throws OutletFailure {
        // In one piece, so that what others print comes between lines and not into them.
        byte[] text = joined(lines);
        stream.write(text, 0, text.length);
        stream.flush();
        if (stream.checkError()) {
            throw OutletFailure.passing("nobody reads it any more");
        }
    }

    static byte[] joined(List<byte[]> lines) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            text.writeBytes(line);
            text.write('\n');
        }
        return text.toByteArray();
    }
}
