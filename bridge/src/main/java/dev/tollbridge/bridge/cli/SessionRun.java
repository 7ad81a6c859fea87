package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.JobSession;
import dev.tollbridge.bridge.client.JobSession.Step;
import dev.tollbridge.bridge.client.TokenAnswer;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A command that runs with a credential in a file, which is renewed as long as it runs:
/// `tollbridge exchange --session --out FILE -- COMMAND`. When the command ends, however it does,
/// so does the session, and the file is gone.
final class SessionRun {

    /// Of a credential's life, in hundredths, after which the next one is wanted.
    private static final int RENEW_AT = 55;

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final JobSession session;
    private final Path out;
    private final Form form;
    private final PrintWriter err;
    private final InstantSource clock;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Process running;

    /// A credential in the form that the command reads.
    interface Form {
        Secret of(TokenAnswer token);
    }

    SessionRun(JobSession session, Path out, Form form, PrintWriter err, InstantSource clock) {
        this.session = session;
        this.out = out;
        this.form = form;
        this.err = err;
        this.clock = clock;
    }

    /// @return the command's exit code
    int run(List<String> command, TokenAnswer first) {
        // Whoever ends this process ends the command and the session with it.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
        try {
            PrivateFile.write(out, form.of(first));
            Process process = new ProcessBuilder(command).inheritIO().start();
            running = process;
            return keep(process, first);
        } catch (IOException e) {
            throw CommandFailure.usage("the command cannot be run: " + command.getFirst());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.unavailable("interrupted");
        } finally {
            end();
        }
    }

    private int keep(Process process, TokenAnswer first) throws InterruptedException {
        Instant renewal = renewal(first);
        Instant beat = beat();
        Duration retry = RETRY;
        boolean over = false;
        while (true) {
            Instant next = renewal.isBefore(beat) ? renewal : beat;
            long wait = over ? Long.MAX_VALUE : Duration.between(clock.instant(), next).toMillis();
            if (process.waitFor(Math.max(wait, 0), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            boolean renew = !clock.instant().isBefore(renewal);
            switch (renew ? session.renew() : session.beat()) {
                case Step.Went(TokenAnswer token) -> {
                    beat = beat();
                    retry = RETRY;
                    renewal = token == null ? renewal : written(token);
                }
                case Step.Later(String why) -> {
                    say("the bridge: " + why + "; asking again in " + retry.toSeconds() + " s");
                    beat = clock.instant().plus(retry);
                    renewal = renew ? beat : renewal;
                    retry = retry.multipliedBy(2);
                    retry = retry.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry;
                }
                case Step.Over(var refusal) -> {
                    over = true;
                    say(
                            "refused: "
                                    + refusal.reason()
                                    + (refusal.receipt() == null
                                            ? ""
                                            : " (receipt " + refusal.receipt() + ")")
                                    + "; the credential is not renewed any more");
                }
            }
        }
    }

    private Instant written(TokenAnswer token) {
        PrivateFile.write(out, form.of(token));
        return renewal(token);
    }

    private Instant renewal(TokenAnswer token) {
        Instant now = clock.instant();
        return now.plus(
                Duration.between(now, token.expiresAt()).multipliedBy(RENEW_AT).dividedBy(100));
    }

    private Instant beat() {
        return clock.instant().plus(session.heartbeat().dividedBy(2));
    }

    private void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Process process = running;
        if (process != null) {
            process.destroy();
        }
        if (!session.end()) {
            say("the bridge cannot be reached: the session ends by itself when it is missed");
        }
        try {
            Files.deleteIfExists(out);
        } catch (IOException e) {
            say(out + " cannot be removed");
        }
    }

    private void say(@Nullable String sentence) {
        err.println("tollbridge: " + Plain.text(String.valueOf(sentence)));
        err.flush();
    }
}
