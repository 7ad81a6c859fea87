package dev.tollbridge.bridge.ledger.file;

import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.refusal.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process, killed with SIGKILL at a different moment each time.
class FileLedgerKilledTest {

    private static final int KILLS = 6;

    @TempDir private Path data;

    @Test
    void losesNothingItPromisedWhenKilled() throws Exception {
        SplittableRandom random = new SplittableRandom();
        List<String> promised = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            promised.addAll(runAndKill(kill * 100_000_000L, random.nextInt(20, 1500)));

            AuditVerification.Result chain = AuditVerification.verify(data.resolve("audit"), null);
            assertThat(chain.problem()).isNull();
            try (FileLedger ledger =
                    FileLedger.open(data, FileLedgerSettings.standard(InstantSource.system()))) {
                // A kill is no loss of memory.
                assertThat(ledger.floor()).isNull();
                for (String line : promised) {
                    check(ledger, line.split(" ", -1));
                }
            }
        }
    }

    private static void check(FileLedger ledger, String[] promise) {
        String id = promise[promise.length - 1];
        Status status =
                ledger.find(id).orElseThrow(() -> new AssertionError("lost " + id)).status();
        if (promise.length == 3) {
            assertThat(status).isEqualTo(Status.REVOKED);
        } else {
            assertThat(status).isIn(Status.ISSUED, Status.REVOKED);
        }
        Issuance replay =
                new Issuances()
                        .at(Instant.now())
                        .token(Long.parseLong(promise[0]))
                        .presentation("replay")
                        .next();
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> ledger.reserve(replay, false));
        assertThat(refusal).as("replay of " + promise[0]).isNotNull();
        assertThat(refusal.reason()).isEqualTo(TOKEN_REPLAYED);
    }

    private List<String> runAndKill(long from, int lines) throws IOException, InterruptedException {
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LedgerChild.class.getName(),
                                data.toString(),
                                Long.toString(from))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<String> promised = new ArrayList<>();
        try (BufferedReader out = child.inputReader()) {
            String line = out.readLine();
            while (line != null) {
                promised.add(line);
                if (promised.size() == lines) {
                    child.destroyForcibly();
                }
                line = out.readLine();
            }
        } catch (IOException e) {
            // The pipe broke with the process.
        }
        child.waitFor();
        assertThat(promised).hasSizeGreaterThanOrEqualTo(lines);
        // The last line may be cut.
        promised.removeLast();
        return promised;
    }
}
