package dev.tollbridge.webhook.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.admission.Sighting;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Outcome;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionEventsTest {

    private final List<String> written = new ArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private final AdmissionEvents events =
            new AdmissionEvents(
                    (subject, reason, message, _) ->
                            written.add(subject + " " + reason + " " + message),
                    dropped::incrementAndGet);

    private static Sighting sighting(String occasion, String name, Outcome outcome) {
        Concern login =
                new Concern.Found(
                        "data[token]",
                        null,
                        "token",
                        new MarkedWords()
                                .judge(
                                        Content.key(
                                                "token",
                                                MarkedWords.LOGIN.getBytes(StandardCharsets.UTF_8)))
                                .findings()
                                .getFirst(),
                        false);
        return new Sighting(
                Instant.EPOCH,
                "uid",
                occasion,
                "somebody",
                new Ruling(
                        new Subject("Secret", "payments", name, false),
                        Mode.ENFORCE,
                        List.of(new Ruled(login, outcome, Outcome.REFUSED, null))));
    }

    @Test
    void saysWhatWasDoneAndNotTheValue() {
        events.saw(sighting("CREATE", "legacy", Outcome.REFUSED));
        assertThat(written).as("before anybody writes").isEmpty();
        events.write();

        assertThat(written).hasSize(1);
        assertThat(written.getFirst())
                .contains("Secret payments/legacy", "InteractiveLogin", "refused: ", "marked-login")
                .doesNotContain(MarkedWords.LOGIN);
    }

    @Test
    void whatASweepSawItTellsItself() {
        events.saw(sighting("sweep", "legacy", Outcome.RECORDED));
        events.write();
        assertThat(written).isEmpty();
    }

    @Test
    void whatHasNoNameYetIsLeftToWhoeverMadeIt() {
        events.saw(sighting("CREATE", "", Outcome.REFUSED));
        events.write();
        assertThat(written).isEmpty();
    }

    @Test
    void aFloodIsDroppedAndCountedAndWrittenALittleAtATime() {
        for (int i = 0; i < AdmissionEvents.MOST_WAITING + 7; i++) {
            events.saw(sighting("CREATE", "s" + i, Outcome.WARNED));
        }
        assertThat(dropped).hasValue(7);
        events.write();
        assertThat(written).hasSize(AdmissionEvents.MOST_AT_ONCE);
    }
}
