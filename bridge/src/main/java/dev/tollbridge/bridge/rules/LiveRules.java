package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TakenAway;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rules in force, replaced as a whole.
///
/// An edit that is not acceptable leaves the rules as they were, less what the edit takes away, and
/// says so until an acceptable one arrives.
public final class LiveRules implements Rules.Source {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);

    /// How long the configuration may go unlooked at. A kill switch is an edit: a bridge that has
    /// stopped looking must stop issuing rather than miss one.
    public static final Duration LOOKED_AT_WITHIN = Duration.ofSeconds(60);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final RulesCompiler compiler;
    private final Supplier<Instant> lookedAt;
    private final InstantSource clock;
    private final BiConsumer<Rules, Rules> replaced;
    private volatile State state;

    private final Duration within;

    /// @param problems of the last reading, warnings included
    private record State(
            Rules rules,
            Documents lastGood,
            Documents last,
            List<Problem> problems,
            boolean refused) {}

    /// What rules begin with.
    ///
    /// @param read the documents as they were read
    /// @param refused whether the rules are only what is acceptable of them
    public record First(Rules rules, Documents read, List<Problem> problems, boolean refused) {
        public First(Rules rules) {
            this(rules, rules.documents(), List.of(), false);
        }
    }

    /// What became of the last reading of the configuration.
    ///
    /// @param read the documents without an error of their own
    /// @param refused whether the rules in force are not those of this reading
    public record LastReading(
            Rules inForce, Documents read, List<Problem> problems, boolean refused) {}

    /// @param first rules to start with; they were acceptable
    /// @param lookedAt when the configuration was last looked at
    /// @param replaced told of the rules before and after each change, once the new ones are in
    ///   force
    public LiveRules(
            RulesCompiler compiler,
            Rules first,
            Supplier<Instant> lookedAt,
            InstantSource clock,
            BiConsumer<Rules, Rules> replaced) {
        this(compiler, new First(first), lookedAt, LOOKED_AT_WITHIN, clock, replaced);
    }

    /// @param within how old the last look may be
    public LiveRules(
            RulesCompiler compiler,
            First first,
            Supplier<Instant> lookedAt,
            Duration within,
            InstantSource clock,
            BiConsumer<Rules, Rules> replaced) {
        this.compiler = compiler;
        this.lookedAt = lookedAt;
        this.within = within;
        this.clock = clock;
        this.replaced = replaced;
        this.state =
                new State(
                        first.rules(),
                        first.rules().documents(),
                        first.read(),
                        first.problems(),
                        first.refused());
    }

    @Override
    public Rules current() {
        if (lookedAt.get().plus(within).isBefore(clock.instant())) {
            throw new Refusal(
                    RefusalReason.OVERLOADED,
                    "the configuration was last looked at " + lookedAt.get(),
                    RETRY_AFTER);
        }
        return state.rules();
    }

    /// The rules in force, however old.
    public Rules inForce() {
        return state.rules();
    }

    /// The problems of the last edit when it was refused; empty when the rules are those of the
    /// configuration as it stands.
    public List<Problem> refusedEdit() {
        State now = state;
        return now.refused() ? now.problems() : List.of();
    }

    /// The last reading, and what came of it.
    public LastReading lastReading() {
        State now = state;
        return new LastReading(now.rules(), now.last(), now.problems(), now.refused());
    }

    /// Takes over a new reading of the configuration, whole or in what it takes away.
    public synchronized void accept(Loaded loaded) {
        RulesCompiler.Compiled compiled = compiler.compile(loaded);
        Rules before = state.rules();
        if (compiled.acceptable()) {
            state =
                    new State(
                            compiled.rules(),
                            loaded.documents(),
                            loaded.documents(),
                            compiled.problems(),
                            false);
            replaced.accept(before, compiled.rules());
            LOG.info(
                    "configuration in force: {} issuers, {} targets, {} grants",
                    loaded.documents().issuers().size(),
                    loaded.documents().targets().size(),
                    loaded.documents().grants().size());
            return;
        }
        Documents less = TakenAway.apply(state.lastGood(), loaded);
        Rules reduced = compiler.withoutLint(less);
        state = new State(reduced, less, loaded.documents(), compiled.problems(), true);
        replaced.accept(before, reduced);
        LOG.error(
                "the edited configuration is refused; the last good one stays in force, less what"
                        + " the edit takes away:");
        compiled.problems().forEach(problem -> LOG.error("  {}", problem));
    }
}
