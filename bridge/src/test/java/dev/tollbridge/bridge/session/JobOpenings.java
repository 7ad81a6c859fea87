package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.ledger.Issuances;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What sessions of tests are opened with.
public final class JobOpenings {

    /// Thumbprint of the key that proves them.
    public static final String KEY = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    /// A claim that only the whole token has, and one that lines show.
    public static final String CLAIM = "deploy-of-tuesday";

    public static final String SUBJECT = "gitlab:project_id:2002";

    private final Ids ids = new Ids(() -> Issuances.NOON, new SplittableRandom(11));

    public Opening next() {
        return next(Issuances.NOON);
    }

    public Opening next(Instant now) {
        return new Opening(
                ids.session(),
                now,
                now.plus(Duration.ofHours(2)),
                "gitlab",
                SUBJECT,
                Map.of("project_id", "2002"),
                "0011223344556677",
                "00112233445566778899aabbccddeeff",
                KEY,
                ("{\"project_id\":\"2002\",\"environment\":{\"name\":\"" + CLAIM + "\"}}")
                        .getBytes(StandardCharsets.UTF_8),
                List.of(
                        new Opening.Given(
                                "internal-api",
                                List.of("read", "write"),
                                Duration.ofMinutes(10),
                                "payments-deploy",
                                "team-payments@acme.example")),
                "192.0.2.1",
                "curl/8.5.0");
    }
}
