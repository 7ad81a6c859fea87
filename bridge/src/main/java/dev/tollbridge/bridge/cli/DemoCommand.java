package dev.tollbridge.bridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tollbridge.bridge.demo.Demo;
import dev.tollbridge.bridge.demo.DemoProps;
import dev.tollbridge.bridge.demo.DemoStage;
import dev.tollbridge.bridge.demo.Story;
import dev.tollbridge.bridge.demo.ToldOtherwise;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge demo`: the whole story on one machine.
@Command(
        name = "demo",
        description = {
            "Shows the whole story on this machine, in well under a minute.",
            "Starts a bridge and three platforms that sign tokens (GitHub, GitLab, Kubernetes) on"
                    + " free ports, with a temporary folder; exchanges, refuses and revokes for"
                    + " real; leaves nothing behind. Needs no network."
        },
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:every step came out as told",
            "1:one did not; it is named",
            "2:wrong usage",
            "3:it cannot be started: no free port, no temporary folder"
        },
        footer = {"", "Examples:", "  tollbridge demo", "  tollbridge demo --keep"})
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--keep",
            description = "Leave it running until Ctrl-C, and print what to try with curl.")
    private boolean keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Story story = new Story(out, Ansi.AUTO.enabled());
        Level before = quiet();
        DemoProps props = new DemoProps();
        // Ctrl-C leaves nothing behind either.
        AtomicBoolean told = new AtomicBoolean();
        Thread hook = new Thread(() -> close(props, told.get()));
        Runtime.getRuntime().addShutdownHook(hook);
        try (props) {
            Demo demo = new Demo(DemoStage.set(props), story);
            demo.tell();
            if (keep) {
                demo.keep();
                told.set(true);
                new CountDownLatch(1).await();
            }
            return ExitCode.DONE;
        } catch (ToldOtherwise e) {
            out.flush();
            throw CommandFailure.no(
                    "the demo failed at step " + story.step() + ": " + e.getMessage());
        } finally {
            removed(hook);
            logger().setLevel(before);
        }
    }

    /// @param told whether an interruption is the end that was asked for
    private static void close(DemoProps props, boolean told) {
        props.close();
        if (told) {
            Runtime.getRuntime().halt(ExitCode.DONE);
        }
    }

    /// What the bridge logs would interrupt the story; TOLLBRIDGE_LOG brings it back.
    private static @Nullable Level quiet() {
        Level before = logger().getLevel();
        if (System.getenv("TOLLBRIDGE_LOG") == null) {
            logger().setLevel(Level.ERROR);
        }
        return before;
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.tollbridge");
    }

    private static void removed(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook is at work.
        }
    }
}
