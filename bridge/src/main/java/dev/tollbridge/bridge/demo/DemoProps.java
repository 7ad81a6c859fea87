package dev.tollbridge.bridge.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/// What the demo has opened so far, closed newest first: by whoever told the story, or by whoever
/// interrupts it, also while it is still being set up.
public final class DemoProps implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /// @throws IllegalStateException when it is over already; the part is closed then
    <T extends AutoCloseable> T opened(T part) {
        synchronized (open) {
            if (!closed) {
                open.push(part);
                return part;
            }
        }
        close(part);
        throw new IllegalStateException("the demo is over");
    }

    /// A second time does nothing.
    @Override
    public void close() {
        while (true) {
            AutoCloseable part;
            synchronized (open) {
                closed = true;
                part = open.poll();
            }
            if (part == null) {
                return;
            }
            close(part);
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The rest still has to go.
        }
    }
}
