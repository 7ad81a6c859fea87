package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Reservation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A process of its own that issues until it is killed, and says on standard output what it was
/// promised.
final class LedgerChild {
    private LedgerChild() {}

    public static void main(String[] args) throws InterruptedException {
        long from = Long.parseLong(args[1]);
        FileLedger ledger =
                FileLedger.open(
                        Path.of(args[0]),
                        FileLedgerSettings.standard(InstantSource.system())
                                .withSegmentBytes(40_000));
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            int thread = t;
            threads[t] = Thread.ofVirtual().start(() -> issue(ledger, from + thread * 1_000_000L));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void issue(FileLedger ledger, long from) {
        for (long token = from; ; token++) {
            Issuance issuance = new Issuances().at(Instant.now()).token(token).next();
            Issuance own = withId(issuance, token);
            Reservation reservation = ledger.reserve(own, token % 3 == 0);
            ledger.issued(reservation, own.expires(), Duration.ZERO);
            // Only now does the credential leave.
            System.out.println(token + " " + own.id());
            if (token % 5 == 0 && ledger.revoke(own.id(), "child", Instant.now())) {
                System.out.println(token + " revoked " + own.id());
            }
        }
    }

    private static Issuance withId(Issuance i, long token) {
        String tail =
                ("00000000000000000000" + Long.toString(token))
                        .substring(4 + Long.toString(token).length());
        return new Issuance(
                i.id().substring(0, 14) + tail,
                i.receipt(),
                i.time(),
                i.presentation(),
                i.issuer(),
                i.subject(),
                i.claims(),
                i.tokenFingerprint(),
                i.jtiHash(),
                i.replay(),
                i.subjectIssuedAt(),
                i.subjectExpires(),
                i.replayUntil(),
                i.grant(),
                i.target(),
                i.targetKind(),
                i.scope(),
                i.ttl(),
                i.expires(),
                i.senderConstraint(),
                i.peer(),
                i.userAgent(),
                i.owner(),
                i.named(),
                i.session());
    }
}
