package dev.tollbridge.bridge.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalSamplerTest {

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final RefusalSampler sampler = new RefusalSampler(() -> now);

    private AuditRecord refusal(String issuer, @Nullable String subject, String token) {
        return AuditRecord.of(now, AuditRecord.Kind.REFUSED)
                .receipt("rct_1")
                .reason("token_expired")
                .detail("detail")
                .issuer(issuer)
                .subject(subject)
                .tokenFingerprint(token)
                .peer("192.0.2.1")
                .build();
    }

    private int written(int times, AuditRecord record) {
        int written = 0;
        for (int i = 0; i < times; i++) {
            written += sampler.wanted(record) ? 1 : 0;
        }
        return written;
    }

    @Test
    @DisplayName("DESIGN 14 rule 5: one real token, long expired, cannot fill the record")
    void rule5_theFirstOfAFloodAreWrittenAndTheRestIsCountedInOneLine() {
        int written = written(10_000, refusal("github", null, "f00d"));

        assertThat(written).isBetween(RefusalSampler.FREELY, 250);
        assertThat(sampler.leftOut()).isEqualTo(10_000 - written);
        assertThat(sampler.ended()).as("the window is not over").isEmpty();

        now = now.plus(Duration.ofSeconds(10));
        List<AuditRecord> told = sampler.ended();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().reason()).isEqualTo("token_expired");
        assertThat(told.getFirst().issuer()).isEqualTo("github");
        assertThat(told.getFirst().detail())
                .startsWith(10_000 - written + " more in the 10 s before 2026-11-21T12:00:10Z")
                .endsWith("of token f00d");
        assertThat(sampler.ended()).as("told once").isEmpty();
        assertThat(written(50, refusal("github", null, "f00d"))).isEqualTo(50);
    }

    @Test
    void oneSubjectsFloodTakesNothingFromAnother() {
        written(5_000, refusal("github", "github:repo:1", "1"));

        assertThat(written(50, refusal("github", "github:repo:2", "2"))).isEqualTo(50);
        assertThat(written(50, refusal("gitlab", "gitlab:project:1", "3"))).isEqualTo(50);
    }

    @Test
    void manySubjectsTogetherAreBoundedByTheirIssuer() {
        int written = 0;
        for (int i = 0; i < 20_000; i++) {
            written += written(1, refusal("github", "github:repo:" + i, "t" + i));
        }
        assertThat(written).isBetween(RefusalSampler.FREELY_OF_ISSUER, 1_400);

        now = now.plus(Duration.ofSeconds(10));
        assertThat(sampler.ended())
                .singleElement()
                .satisfies(line ->
                        assertThat(line.detail()).endsWith("of several subjects or tokens"));
    }
}
