package dev.tollbridge.webhook.testing;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Advice;
import dev.tollbridge.webhook.detect.Carrier;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Place;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.detect.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Finds words that tests put where a login would be: what is judged is decided elsewhere, and
/// these tests are about what is done with it.
public final class MarkedWords implements Detectors {

    /// A person's login, to be refused.
    public static final String LOGIN = "login-of-a-person";

    /// To be warned of.
    public static final String TOKEN = "token-of-unknown-owner";

    /// Cannot be looked into.
    public static final String SEALED = "sealed-content";

    /// Starts a device flow, where it is a command.
    public static final String DEVICE_FLOW = "tool login --use-device-code";

    /// Makes judging fail.
    public static final String FAULT = "makes-judging-fail";

    private static final Fingerprints FINGERPRINTS =
            Fingerprints.keyed("a key that only tests have".getBytes(StandardCharsets.UTF_8));

    @Override
    public Judgement judge(Content content) {
        String text = new String(content.bytes(), StandardCharsets.UTF_8);
        if (text.contains(FAULT)) {
            throw new IllegalStateException("judging failed on " + text);
        }
        List<Finding> findings = new ArrayList<>();
        if (text.contains(LOGIN)) {
            findings.add(finding("marked-login", Verdict.HUMAN_LOGIN, Action.BLOCK, text));
        }
        if (text.contains(TOKEN)) {
            findings.add(finding("marked-token", Verdict.UNKNOWN_OWNER, Action.WARN, text));
        }
        if (content.carrier() == Carrier.COMMAND && text.contains(DEVICE_FLOW)) {
            findings.add(finding("marked-command", Verdict.DEVICE_CODE, Action.BLOCK, text));
        }
        if (content.carrier() == Carrier.HOST_PATH && text.contains("/root/.tool")) {
            findings.add(finding("marked-path", Verdict.HUMAN_LOGIN, Action.BLOCK, text));
        }
        List<Uninspected> uninspected =
                text.contains(SEALED)
                        ? List.of(new Uninspected(Place.whole(), Uninspected.Reason.ENCRYPTED))
                        : List.of();
        return new Judgement(findings, uninspected);
    }

    private static Finding finding(String detector, Verdict verdict, Action action, String text) {
        return new Finding(
                detector,
                "tool",
                verdict,
                action,
                Place.whole(),
                "refresh_token",
                "the tool has no other login",
                Confidence.HIGH,
                new Advice(
                        "tool", "Let the pod ask for a target.", "tollbridge advise --runtime pod"),
                List.of(),
                FINGERPRINTS.of(text));
    }
}
