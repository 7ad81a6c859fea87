package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// Documents, wherever they are, and what follows from where that is.
interface DocumentSource extends AutoCloseable {

    /// Where files start that documents name, or that Secrets are kept as.
    Path folder();

    /// The rules to start with.
    ///
    /// @throws InvalidConfiguration when there are none
    LiveRules.First first(RulesCompiler compiler);

    /// Hands on what is there whenever it changes, until closed.
    void follow(ScheduledExecutorService scheduler, Executor threads, Consumer<Loaded> edited);

    /// When it was last looked at.
    Instant lookedAt();

    /// Tells those who wrote the documents what became of them, where there is a place for it.
    default void report(
            LiveRules live,
            JwksIssuerKeys keys,
            ScheduledExecutorService scheduler,
            Executor threads) {}

    @Override
    void close();
}
