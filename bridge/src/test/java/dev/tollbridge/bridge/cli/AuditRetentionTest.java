package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.lifecycle.SignedHead;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `audit verify` says of a record whose oldest files retention removed.
class AuditRetentionTest {

    @TempDir private Path data;

    @Test
    @DisplayName(
            "DESIGN 14 rule 4: a record that was shortened begins at a signed head, or it is broken")
    void rule4_aShortenedRecordHoldsFromItsSignedBeginningOnly() throws IOException {
        TestClock clock = new TestClock();
        Issuances issuances = new Issuances();
        try (FileLedger ledger =
                        FileLedger.open(
                                data, FileLedgerSettings.standard(clock).withSegmentBytes(10_000));
                Keyring keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock)) {
            issue(ledger, issuances.at(clock.instant()), 0);
            clock.advance(Duration.ofDays(40));
            issue(ledger, issuances.at(clock.instant()), 100);
            int removed =
                    ledger.retain(
                            Duration.ofDays(30),
                            head ->
                                    SignedHead.sign(
                                            head,
                                            keyring.signer(OwnIssuer.BRIDGE),
                                            clock.instant()));
            assertThat(removed).isGreaterThan(0);
        }

        Commands.Ran whole = verify();
        assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
        assertThat(whole.out()).startsWith("ok: ");

        Path begin = data.resolve("audit/begin.jws");
        String signed = Files.readString(begin);
        Files.writeString(
                begin, signed.replace(signed.substring(signed.length() - 12), "AAAAAAAAAAA\n"));
        Commands.Ran forged = verify();
        assertThat(forged.exit()).isEqualTo(1);
        assertThat(forged.err())
                .contains("begin.jws")
                .contains("no head that a key of this bridge");
    }

    private Commands.Ran verify() {
        return Commands.run("audit", "verify", "--data", data.toString());
    }

    private static void issue(FileLedger ledger, Issuances issuances, int from) {
        for (int i = from; i < from + 60; i++) {
            Issuance issuance = issuances.token(i).next();
            ledger.issued(ledger.reserve(issuance, false), issuance.expires(), Duration.ZERO);
        }
    }
}
