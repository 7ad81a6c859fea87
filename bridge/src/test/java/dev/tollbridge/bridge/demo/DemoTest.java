package dev.tollbridge.bridge.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoTest {

    private static final Pattern OURS =
            Pattern.compile(
                    "(?i).*(vert\\.x|HttpClient|HTTP-|schedule|refused|journal|signing-keys).*");

    @Test
    void tellsTheWholeStoryAndLeavesNothingBehind() throws InterruptedException {
        Set<Thread> before = threads();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = TollbridgeCommand.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));

        int exit = commandLine.execute("demo");

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        String story = out.toString();
        assertThat(story)
                .contains("1. ", "9. ", "Next:")
                .contains("token_replayed", "used before")
                .contains("grant_missing", "nearest is grant payments-deploy")
                .contains("issuance iss_", "receipt               rct_")
                .contains("before                active", "after                 not active")
                .contains("none changed, none missing")
                .contains("tollbridge refuses Secret payments/deploy-login")
                .contains("tollbridge refuses Pod payments/deploy", "spec.volumes[0].secret")
                .contains("a token for the bridge that the kubelet renews")
                .doesNotContain("\u001b");
        assertThat(story).doesNotContainPattern("eyJ[\\w-]+\\.").doesNotContainPattern("rvk_\\w");
        assertNothingListens(story);
        for (Thread left : threads()) {
            if (!before.contains(left) && OURS.matcher(left.getName()).matches()) {
                // One that was told to end may still be at its last line.
                left.join(Duration.ofSeconds(5));
                assertThat(left.isAlive()).as(left.getName()).isFalse();
            }
        }
    }

    @Test
    void theFolderIsForItsOwnerOnlyAndGoneAfterwards() throws IOException {
        Path root;
        try (DemoProps props = new DemoProps()) {
            DemoStage stage = DemoStage.set(props);
            root = stage.folder().root();
            StringWriter out = new StringWriter();
            Demo demo = new Demo(stage, new Story(new PrintWriter(out), false));
            demo.keep();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(root.resolve("github.jwt"))))
                    .isEqualTo("rw-------");
            assertThat(out.toString())
                    .contains("curl -s http://127.0.0.1:", "subject_token@" + root)
                    .doesNotContain(Files.readString(root.resolve("github.jwt")));
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void whatIsOpenedAfterAnInterruptionIsClosedAtOnce() {
        AtomicBoolean closed = new AtomicBoolean();
        DemoProps props = new DemoProps();
        props.close();
        assertThatThrownBy(() -> props.opened((AutoCloseable) () -> closed.set(true)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed).isTrue();
    }

    @Test
    void aStepThatDoesNotComeOutAsToldEndsTheStoryAndIsNamed() {
        Story story = new Story(new PrintWriter(new StringWriter()), false);
        story.step("First");
        story.step("Second");
        assertThatThrownBy(() -> story.check(false, "water is dry"))
                .isInstanceOf(ToldOtherwise.class)
                .hasMessage("expected that water is dry");
        assertThat(story.step()).isEqualTo("2. Second");
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }

    private static void assertNothingListens(String story) {
        Matcher urls = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1):\\d+").matcher(story);
        int found = 0;
        while (urls.find()) {
            int port = URI.create(urls.group()).getPort();
            found++;
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(IOException.class);
        }
        assertThat(found).isGreaterThan(3);
    }
}
