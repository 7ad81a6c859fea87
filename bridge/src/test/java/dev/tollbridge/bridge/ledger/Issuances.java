package dev.tollbridge.bridge.ledger;

import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Issuances for tests, as a job on GitHub would cause them.
public final class Issuances {

    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final Ids ids = new Ids(() -> NOON, new SplittableRandom(7));
    private Instant time = NOON;
    private String token = "00112233445566778899aabbccddeeff";
    private String presentation = "prs_1";
    private Replay replay = Replay.SINGLE_USE;
    private String target = "internal-api";
    private String targetKind = "jwt";
    private String peer = "192.0.2.1";
    private Instant subjectIssuedAt = NOON.minusSeconds(5);
    private Duration ttl = Duration.ofMinutes(10);
    private Predicate<KillSwitch> named = _ -> false;

    public Issuances at(Instant when) {
        time = when;
        subjectIssuedAt = when.minusSeconds(5);
        return this;
    }

    public Issuances token(String jtiHash) {
        token = jtiHash;
        return this;
    }

    /// A token of its own for each number.
    public Issuances token(long number) {
        long spread = (number + 1) * 0x9E3779B97F4A7C15L;
        return token("%016x%016x".formatted(spread, spread ^ number)).presentation("prs_" + number);
    }

    public Issuances presentation(String id) {
        presentation = id;
        return this;
    }

    public Issuances replay(Replay policy) {
        replay = policy;
        return this;
    }

    public Issuances target(String name) {
        target = name;
        return this;
    }

    public Issuances targetKind(String kind) {
        targetKind = kind;
        return this;
    }

    public Issuances peer(String address) {
        peer = address;
        return this;
    }

    public Issuances issuedAt(Instant iat) {
        subjectIssuedAt = iat;
        return this;
    }

    public Issuances named(Predicate<KillSwitch> predicate) {
        named = predicate;
        return this;
    }

    public synchronized Issuance next() {
        return new Issuance(
                ids.issuance(time),
                ids.receipt(),
                time,
                presentation,
                "github",
                "github:repository_id:2002",
                Map.of("repository_id", "2002", "ref", "refs/heads/main"),
                token.substring(0, 16),
                token,
                replay,
                subjectIssuedAt,
                time.plusSeconds(300),
                time.plusSeconds(335),
                "payments-deploy",
                target,
                targetKind,
                "deploy:write",
                ttl,
                time.plus(ttl),
                "none",
                peer,
                "curl/8.5.0 \"quoted\" \u00e9\ud83d\ude00",
                "team-payments@acme.example",
                named,
                null);
    }
}
