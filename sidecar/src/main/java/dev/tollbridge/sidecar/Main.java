package dev.tollbridge.sidecar;

import dev.tollbridge.sidecar.Settings.Wrong;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// `tollbridge sidecar`.
public final class Main {

    private static final int DONE = 0;
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System::getenv, System.out, System.err));
    }

    /// @return the exit code
    public static int run(
            String[] arguments,
            Function<String, @Nullable String> environment,
            PrintStream out,
            PrintStream err) {
        return run(arguments, environment, out, err, Time.SYSTEM, new SecureRandom());
    }

    /// By another clock and other dice, for tests of hours. Ends when its thread is interrupted, as
    /// it does by SIGTERM; what was got has been revoked by then, as far as the bridge answers.
    ///
    /// @param jitter of when to ask again
    /// @return the exit code
    public static int run(
            String[] arguments,
            Function<String, @Nullable String> environment,
            PrintStream out,
            PrintStream err,
            Time time,
            RandomGenerator jitter) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            out.print(Settings.HELP);
            return DONE;
        }
        Settings settings;
        try {
            settings = Settings.parse(arguments, environment);
        } catch (Wrong e) {
            err.println("tollbridge sidecar: " + e.getMessage());
            err.println("tollbridge sidecar --help shows how.");
            return USAGE;
        }
        return new Sidecar(settings, out, err, time, jitter).run();
    }
}
