package dev.tollbridge.webhook.review;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whatever bytes come: a review is answered or called malformed, and none makes the webhook fail.
class ReviewReaderFuzzTest {

    private static final Admission.Rules RULES =
            new Admission.Rules(
                    new Settings(
                            Mode.ENFORCE,
                            List.of(),
                            Uninspectable.DENY,
                            List.of(),
                            Set.of("kube-system"),
                            List.of()),
                    new InjectSettings(
                            "https://bridge.acme.example", "aud", "image", Map.of("a", "aws")));

    @FuzzTest(maxDuration = "60s")
    void aReviewIsAnsweredOrMalformed(byte[] bytes) {
        Admission admission =
                new Admission(
                        () -> RULES,
                        new MarkedWords(),
                        new VerdictIndex(),
                        false,
                        _ -> {},
                        ReviewReaderFuzzTest::onlyAsExpected,
                        () -> Instant.EPOCH);
        try {
            AdmissionRequest request = ReviewReader.read(bytes);
            byte[] answer = ReviewWriter.write(request.uid(), admission.validate(request));
            byte[] injected = ReviewWriter.write(request.uid(), admission.mutate(request));
            if (answer.length == 0 || injected.length == 0) {
                throw new AssertionError("nothing was answered");
            }
        } catch (MalformedReview expected) {
            // What it should be.
        }
    }

    private static void onlyAsExpected(AdmissionRequest request, Throwable fault) {
        String message = String.valueOf(fault.getMessage());
        if (!message.contains("without its object") && !message.contains(MarkedWords.FAULT)) {
            throw new AssertionError("failed on a " + request.kind(), fault);
        }
    }
}
