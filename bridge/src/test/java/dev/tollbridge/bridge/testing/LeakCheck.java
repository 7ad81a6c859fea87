package dev.tollbridge.bridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Holds the secrets that were in play and everything that was written anywhere, and says when one
/// is found in the other (DESIGN 10: no token, key or credential in any sink, at any level).
///
/// Listens to every logger of the process at TRACE from when it is made until it is closed.
public final class LeakCheck implements AutoCloseable {

    /// Shorter pieces of a token occur by chance.
    private static final int SHORTEST = 16;

    private record Kept(String value, String mayBeIn) {}

    private final Map<String, Kept> secrets = new LinkedHashMap<>();
    private final Map<String, String> sinks = new LinkedHashMap<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    /// It has a level of its own, which the root's does not change.
    private final Logger own = (Logger) LoggerFactory.getLogger("dev.tollbridge");

    private final @Nullable Level ownBefore = own.getLevel();
    private final Everything log = new Everything();

    private static final class Everything extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(
                    event.getLoggerName()
                            + " "
                            + event.getFormattedMessage()
                            + " "
                            + event.getMDCPropertyMap()
                            + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    public LeakCheck() {
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        own.setLevel(Level.TRACE);
        // What the tests' console prints at TRACE helps nobody.
        root.iteratorForAppenders()
                .forEachRemaining(appender -> {
                    if (!(appender instanceof Everything)) {
                        quiet(appender);
                    }
                });
        // So that a log in which nothing was found is one that was listened to.
        own.trace("a search for leaks listens");
    }

    private static void quiet(ch.qos.logback.core.Appender<ILoggingEvent> appender) {
        ch.qos.logback.classic.filter.ThresholdFilter warnings =
                new ch.qos.logback.classic.filter.ThresholdFilter();
        warnings.setLevel("ERROR");
        warnings.start();
        appender.addFilter(warnings);
    }

    /// A token in compact form: the whole, and each part that says or proves something. Its header
    /// is no secret.
    public void token(String name, String compact) {
        token(name, compact, "");
    }

    /// @param mayBeIn the one sink that it belongs into
    public void token(String name, String compact, String mayBeIn) {
        secret(name, compact, mayBeIn);
        String[] parts = compact.split("\\.", -1);
        for (int i = 1; i < parts.length; i++) {
            secret(name + ", part " + (i + 1), parts[i], mayBeIn);
        }
    }

    public void secret(String name, String value) {
        secret(name, value, "");
    }

    /// @param mayBeIn the one sink that it belongs into
    public void secret(String name, String value, String mayBeIn) {
        if (value.strip().length() >= SHORTEST) {
            secrets.put(name + " (" + secrets.size() + ")", new Kept(value.strip(), mayBeIn));
        }
    }

    /// Something that the bridge said or wrote.
    public void sink(String name, String text) {
        sinks.merge(name, text, (one, other) -> one + "\n" + other);
    }

    /// Every file below a folder, its name and its bytes.
    public void files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sink(
                        "file " + folder.relativize(file),
                        file + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every file below a folder as one sink, for what may be in any of them.
    ///
    /// @return how many there are
    public int files(String sink, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path file : all) {
                sink(
                        sink,
                        file + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return all.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String logged() {
        return String.join("\n", log.lines);
    }

    /// @throws AssertionError that names the sink and the secret, not its value
    public void assertNothingLeaked() {
        sinks.put("log", logged());
        assertThat(sinks.get("log")).as("TRACE is heard").isNotEmpty();
        sinks.forEach((sink, text) ->
                secrets.forEach((name, secret) -> {
                    if (!secret.mayBeIn.equals(sink) && text.contains(secret.value)) {
                        throw new AssertionError(sink + " holds the " + name);
                    }
                }));
    }

    @Override
    public void close() {
        root.setLevel(before);
        own.setLevel(ownBefore);
        root.detachAppender(log);
        root.iteratorForAppenders().forEachRemaining(ch.qos.logback.core.Appender::clearAllFilters);
        log.stop();
    }
}
