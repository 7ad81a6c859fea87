package dev.tollbridge.bridge.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the record of an exchange costs before the disk: putting it together, writing it as JSON,
/// hashing it into the chain. In this package, because nobody else is to see the writer.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class RecordParts {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

    private final LineWriter writer = new LineWriter();
    private final AuditRecord record = issued();

    @Benchmark
    public AuditRecord compose() {
        return issued();
    }

    private static AuditRecord issued() {
        return AuditRecord.of(NOW, AuditRecord.Kind.ISSUED)
                .id("iss_01M7Z149RW4WVTZ8AT948A9RG2")
                .receipt("rct_01M7Z149RW4WVTZ8AT948A9RG2")
                .issuer("github")
                .subject("github:repo:1001:200001:environment:production")
                .claims(
                        Map.of(
                                "repository", "acme/service-200001",
                                "repository_id", "200001",
                                "run_id", "780000000001"))
                .tokenFingerprint("0123456789abcdef0123456789abcdef")
                .jtiHash("fedcba9876543210fedcba9876543210")
                .subjectExpires(NOW.plusSeconds(300))
                .replayUntil(NOW.plusSeconds(330))
                .presentation("prs_01M7Z149RW4WVTZ8AT948A9RG2")
                .replay("single-use")
                .grant("deploy-0")
                .target("internal-api")
                .targetKind("jwt")
                .scope("deploy:write")
                .ttl(Duration.ofMinutes(10))
                .expires(NOW.plusSeconds(600))
                .senderConstraint("none")
                .peer("192.0.2.1")
                .userAgent("tollbridge-bench")
                .owner("team-payments@acme.example")
                .duration(Duration.ofMillis(3))
                .build();
    }

    /// @return bytes of the line
    @Benchmark
    public int encode() {
        writer.clear();
        writer.line(record);
        return writer.size();
    }
}
