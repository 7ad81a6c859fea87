package dev.tollbridge.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResourceSettingsTest {

    private static final String SETTINGS =
            document(
                    "AdmissionSettings",
                    "default",
                    "{\"namespaces\":[{\"name\":\"a\",\"mode\":\"%s\"}]}");
    private static final String EXEMPTION =
            document(
                    "Exemption",
                    "%s",
                    "{\"namespace\":\"a\",\"match\":{\"pod\":\"p\",\"detector\":\"d\"},\"reason\":\"r\","
                            + "\"approvedBy\":\"ann\",\"expires\":\"%s\"}");

    private final ResourceSettings settings =
            new ResourceSettings(() -> Instant.parse("2026-11-21T12:00:00Z"), "tollbridge");

    private static String document(String kind, String name, String spec) {
        return "{\"apiVersion\":\"tollbridge.dev/v1alpha1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"},\"spec\":%s}"
                .formatted(kind, name, spec);
    }

    private static Mode mode(Rules rules) {
        return rules.settings().mode("a");
    }

    private Rules read(String... documents) {
        return Objects.requireNonNull(settings.read(List.of(documents)));
    }

    @Test
    void nothingIsThereYet() {
        assertThat(mode(read())).isEqualTo(Mode.AUDIT);
        assertThat(settings.stale()).isFalse();
    }

    @Test
    void whatCannotBeUnderstoodKeepsWhatWas() {
        assertThat(mode(read(SETTINGS.formatted("enforce")))).isEqualTo(Mode.ENFORCE);
        assertThat(mode(read(SETTINGS.formatted("sometimes")))).isEqualTo(Mode.ENFORCE);
        assertThat(settings.stale()).isTrue();

        assertThat(mode(read(SETTINGS.formatted("warn")))).isEqualTo(Mode.WARN);
        assertThat(settings.stale()).isFalse();
    }

    @Test
    void neverPutsDefaultsInForceForSettingsThatItCannotUnderstand() {
        assertThat(settings.read(List.of(SETTINGS.formatted("sometimes")))).isNull();
    }

    @Test
    void twoSettingsAreNone() {
        read(SETTINGS.formatted("enforce"));
        assertThat(
                        mode(
                                read(
                                        SETTINGS.formatted("enforce"),
                                        SETTINGS.formatted("off").replace("default", "other"))))
                .isEqualTo(Mode.ENFORCE);
        assertThat(settings.stale()).isTrue();
    }

    @Test
    void anExemptionThatCannotBeUnderstoodHasNoEffectAndSpoilsNothingElse() {
        Rules rules =
                read(
                        SETTINGS.formatted("enforce"),
                        EXEMPTION.formatted("fine", "2026-12-01"),
                        EXEMPTION.formatted("too-long", "2029-12-01"));

        assertThat(mode(rules)).isEqualTo(Mode.ENFORCE);
        assertThat(rules.settings().exemptions())
                .extracting(Exemption::name)
                .containsExactly("fine");
        assertThat(settings.stale()).isTrue();
    }

    @Test
    void whatIsTakenAwayIsGoneAlsoWhileTheRestCannotBeUnderstood() {
        read(SETTINGS.formatted("enforce"), EXEMPTION.formatted("e", "2026-12-01"));

        Rules rules = read(SETTINGS.formatted("sometimes"));
        assertThat(mode(rules)).isEqualTo(Mode.ENFORCE);
        assertThat(rules.settings().exemptions()).isEmpty();
    }

    @Test
    void saysWhatIsWrongBeforeItIsStored() {
        assertThat(settings.check(SETTINGS.formatted("sometimes")).errors())
                .singleElement()
                .asString()
                .contains("spec.namespaces[0].mode");
        assertThat(settings.check(SETTINGS.formatted("warn")).errors()).isEmpty();
    }
}
