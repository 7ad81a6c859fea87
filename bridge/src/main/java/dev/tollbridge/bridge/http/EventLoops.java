package dev.tollbridge.bridge.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.TimeUnit;

/// The threads that do the listeners' input and output, and nothing that blocks.
public final class EventLoops implements AutoCloseable {

    private final Vertx vertx;
    private final int size;

    private EventLoops(Vertx vertx, int size) {
        this.vertx = vertx;
        this.size = size;
    }

    /// One per processor.
    public static EventLoops start() {
        return start(Runtime.getRuntime().availableProcessors());
    }

    public static EventLoops start(int size) {
        VertxOptions options =
                new VertxOptions()
                        .setEventLoopPoolSize(size)
                        .setPreferNativeTransport(true)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setFileCachingEnabled(false)
                                        .setClassPathResolvingEnabled(false));
        return new EventLoops(Vertx.builder().with(options).build(), size);
    }

    public Vertx vertx() {
        return vertx;
    }

    int size() {
        return size;
    }

    @Override
    public void close() {
        Waiting.forIt(vertx.close(), 10, TimeUnit.SECONDS);
    }
}
