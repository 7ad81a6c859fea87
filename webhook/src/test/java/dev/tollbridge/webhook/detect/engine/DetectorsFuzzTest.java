package dev.tollbridge.webhook.detect.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollbridge.webhook.detect.Carrier;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Any bytes, as any carrier: never an exception, never more work than was allowed, the same answer
/// twice, and never the bytes themselves in it.
class DetectorsFuzzTest {

    private static final List<Carrier> CARRIERS =
            List.of(Carrier.FILE, Carrier.KEY, Carrier.ENV, Carrier.HOST_PATH, Carrier.COMMAND);

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{32}");

    private static final StandardDetectors DETECTORS =
            StandardDetectors.of(
                    Catalogue.shipped(),
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)),
                    Bounds.standard());

    @FuzzTest(maxDuration = "60s")
    void judgesAnything(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Carrier carrier = CARRIERS.get((input[0] & 0xff) % CARRIERS.size());
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Content content = new Content(carrier, "REFRESH_TOKEN", bytes);
        Budget budget = DETECTORS.budget(bytes.length);

        Judgement judgement = DETECTORS.judge(content, budget);

        if (!judgement.equals(DETECTORS.judge(content))) {
            throw new AssertionError("another answer to the same content");
        }
        for (Finding finding : judgement.findings()) {
            // Whether the content holds these letters is no question for a fuzzer: it knows the
            // key.
            if (!FINGERPRINT.matcher(finding.fingerprint()).matches()) {
                throw new AssertionError("no keyed fingerprint");
            }
        }
    }
}
