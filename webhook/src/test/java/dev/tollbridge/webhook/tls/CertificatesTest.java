package dev.tollbridge.webhook.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final List<String> NAMES =
            List.of("tollbridge-webhook.tollbridge.svc", "127.0.0.1");

    private static int authorities(Certificates certificates) {
        return certificates.bundlePem().split("BEGIN CERTIFICATE", -1).length - 1;
    }

    private static String issuer(Certificates certificates) {
        String chain = certificates.served().chainPem();
        return chain.substring(chain.indexOf("-----END CERTIFICATE-----") + 26);
    }

    @Test
    void staysAsItIsWhileItIsFresh() {
        Certificates certificates = Certificates.create(START, NAMES);

        assertThat(certificates.at(START.plus(Duration.ofDays(59)), NAMES)).isSameAs(certificates);
    }

    @Test
    void renewsItsCertificateUnderTheSameAuthority() {
        Certificates before = Certificates.create(START, NAMES);
        Certificates after = before.at(START.plus(Duration.ofDays(61)), NAMES);

        assertThat(after.served().chainPem()).isNotEqualTo(before.served().chainPem());
        assertThat(after.bundlePem()).isEqualTo(before.bundlePem());
        assertThat(after.served().until()).isEqualTo(START.plus(Duration.ofDays(151)));
    }

    @Test
    void tellsANewAuthorityBeforeItServesWhatThatIssued() {
        Instant later = START.plus(Duration.ofDays(250));
        Certificates before = Certificates.create(START, NAMES);

        Certificates told = before.at(later, NAMES);
        assertThat(authorities(told)).isEqualTo(2);
        assertThat(told.bundlePem()).contains(issuer(told).strip());
        assertThat(issuer(told)).isEqualTo(issuer(before));

        Certificates soon = told.at(later.plus(Duration.ofMinutes(30)), NAMES);
        assertThat(issuer(soon)).isEqualTo(issuer(before));

        Certificates served = told.at(later.plus(Duration.ofMinutes(61)), NAMES);
        assertThat(issuer(served)).isNotEqualTo(issuer(before));
        assertThat(authorities(served)).isEqualTo(2);

        Certificates at365 = served.at(START.plus(Duration.ofDays(366)), NAMES);
        assertThat(authorities(at365)).isEqualTo(1);
    }

    @Test
    void everyStepOfAYearIsBelievedByWhoeverWasToldTheStepBefore() {
        Certificates now = Certificates.create(START, NAMES);
        String told = now.bundlePem();
        for (int hours = 1; hours < 24 * 800; hours += 1) {
            now = now.at(START.plus(Duration.ofHours(hours)), NAMES);
            assertThat(told).contains(issuer(now).strip());
            told = now.bundlePem();
        }
    }

    @Test
    void isTheSameAfterARestart() {
        Certificates before =
                Certificates.create(START, NAMES).at(START.plus(Duration.ofDays(250)), NAMES);
        Certificates after = Certificates.of(before.kept());

        assertThat(after.kept()).isEqualTo(before.kept());
        assertThat(after.at(START.plus(Duration.ofDays(250)), NAMES)).isSameAs(after);
    }

    @Test
    void refusesWhatItDidNotKeep() {
        assertThatThrownBy(() -> Certificates.of(Map.of("ca.crt", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
