package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.JobOpenings;
import dev.tollbridge.bridge.session.Opening;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.SessionHandover;
import dev.tollbridge.bridge.session.SessionObserver;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.session.Sessions.Found;
import dev.tollbridge.bridge.session.Sessions.Turned;
import dev.tollbridge.bridge.signing.HandleKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One bridge of several, as far as sessions go: its ledger, its record, its part of the sessions.
final class SessionReplica implements AutoCloseable {

    private static final String PEER = "192.0.2.1";
    private static final Duration TOOK = Duration.ofMillis(3);

    private final Path data;
    private final TestClock clock;
    private final KubernetesLedger ledger;
    private final Sessions sessions;
    private final List<String> ends = new CopyOnWriteArrayList<>();

    SessionReplica(KubernetesLedger ledger, HandleKey key, Path data, TestClock clock) {
        this.ledger = ledger;
        this.data = data;
        this.clock = clock;
        this.sessions =
                new Sessions(
                        key,
                        ledger.sessions(key, Duration.ofSeconds(5)),
                        (issuance, by) -> ledger.revoke(issuance, by, clock.instant()),
                        new SessionObserver() {
                            @Override
                            public void opened() {}

                            @Override
                            public void ended(SessionEnd why) {
                                ends.add(why.code());
                            }

                            @Override
                            public void alarm(Alarm what) {}
                        },
                        clock);
    }

    Sessions sessions() {
        return sessions;
    }

    KubernetesLedger ledger() {
        return ledger;
    }

    /// Why sessions ended, as this one counted.
    List<String> ends() {
        return ends;
    }

    /// Issues through this bridge.
    String issue(Issuances issuances) {
        Issuance issuance = issuances.next();
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), TOOK);
        return issuance.id();
    }

    SessionHandover open(Opening opening, String issuance) {
        return sessions.open(opening, Map.of(issuance, clock.instant().plusSeconds(600)));
    }

    /// Uses a handle up.
    Turned turn(Secret handle, @Nullable String attempt) {
        Found found = sessions.find(handle);
        sessions.check(found, attempt, true);
        return sessions.turn(sessions.prove(found, JobOpenings.KEY), attempt, PEER);
    }

    /// The same, and gives an issuance for it.
    ///
    /// @return the next handle
    Secret resume(Secret handle, @Nullable String attempt, Issuances issuances) {
        Turned turned = turn(handle, attempt);
        String issuance = issue(issuances);
        sessions.gave(turned, Map.of(issuance, clock.instant().plusSeconds(600)));
        return turned.handover().handle();
    }

    /// Lines of this bridge's record that contain all of these.
    List<String> lines(String... parts) {
        try (Stream<Path> files = Files.walk(data)) {
            List<String> lines = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> Stream.of(parts).allMatch(line::contains))
                        .forEach(lines::add);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
