package dev.tollbridge.webhook.scan;

import java.util.concurrent.atomic.LongAdder;

/// How far a scan is; read by another thread.
public final class Progress {

    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void file(long size) {
        files.increment();
        bytes.add(size);
    }

    public long files() {
        return files.sum();
    }

    public long bytes() {
        return bytes.sum();
    }
}
