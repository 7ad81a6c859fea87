package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.Issuers;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdentityReaderTest {

    private final Issuers issuer = new Issuers();
    private final IdentityReader reader = new IdentityReader();

    private WorkloadIdentity read(Map<String, @Nullable Object> claims) {
        return reader.read(
                new VerifiedToken(
                        issuer.build(),
                        new Claims(claims),
                        "f",
                        "j",
                        Instant.EPOCH,
                        Instant.EPOCH));
    }

    private String subject(Map<String, @Nullable Object> claims) {
        return read(claims).subject();
    }

    @Test
    void isMadeOfTheIssuersNameAndSubWithoutAPreset() {
        assertThat(subject(Map.of("sub", "job-42"))).isEqualTo("ci:job-42");
        assertThat(subject(Map.of("sub", "system:serviceaccount:a:b")))
                .isEqualTo("ci:system:serviceaccount:a:b");
    }

    @Test
    void fillsThePresetsTemplateFromNestedClaimsNumbersAndBooleansToo() {
        issuer.stableSubject = "repo:{{owner}}:{{/deep/id}}:{{flag}}";
        assertThat(subject(Map.of("owner", 1001L, "deep", Map.of("id", "x/y"), "flag", true)))
                .isEqualTo("ci:repo:1001:x/y:true");
    }

    @Test
    void refusesAClaimThatIsMissingOrIsNoText() {
        issuer.stableSubject = "repo:{{owner}}:{{id}}";
        for (Object id : List.of("", 1.5, List.of("a"), Map.of())) {
            Refused.expect(
                    RefusalReason.CLAIM_MALFORMED, "", () -> read(Map.of("owner", "o", "id", id)));
        }
        Refused.expect(RefusalReason.CLAIM_MALFORMED, "", () -> read(Map.of("owner", "o")));
        Map<String, @Nullable Object> withNull = new HashMap<>();
        withNull.put("owner", "o");
        withNull.put("id", null);
        Refused.expect(RefusalReason.CLAIM_MALFORMED, "", () -> read(withNull));
    }

    @Test
    void givesDifferentWorkloadsDifferentSubjects() {
        issuer.stableSubject = "repo:{{a}}:{{b}}";
        List<String> values =
                List.of(
                        "x", ":", "%", "%3A", "%3a", "x:y", "x%3Ay", "x:y:z", "é", "%C3%A9", " ",
                        "\n", "\u00a0", "::", "x:", ":x");
        Set<String> subjects = new HashSet<>();
        for (String a : values) {
            for (String b : values) {
                String subject = subject(Map.of("a", a, "b", b));
                assertThat(subject).matches("[!-~]{1,255}");
                assertThat(subject.chars().filter(c -> c == ':').count()).isEqualTo(3);
                assertThat(subjects.add(subject)).as(subject).isTrue();
            }
        }
    }

    @Test
    void replacesWhatIsTooLongOrNotPlainByAHashThatNoClaimCanImitate() {
        String longest = "x".repeat(252);
        assertThat(subject(Map.of("sub", longest))).isEqualTo("ci:" + longest);
        String hashed = subject(Map.of("sub", longest + "y"));
        assertThat(hashed).matches("ci:sha256:[0-9a-f]{64}");
        assertThat(subject(Map.of("sub", longest + "z"))).isNotEqualTo(hashed);
        String imitation = hashed.substring(3);
        assertThat(subject(Map.of("sub", imitation))).isNotEqualTo(hashed);
        assertThat(subject(Map.of("sub", "größe"))).matches("ci:sha256:[0-9a-f]{64}");
    }

    @Test
    void namesTheIdentifyingClaimsTheTokenHasInOrder() {
        issuer.identifyingClaims = List.of("b", "a", "missing", "list", "/deep/id", "n");
        WorkloadIdentity identity =
                read(
                        Map.of(
                                "sub",
                                "s",
                                "a",
                                "1",
                                "b",
                                true,
                                "list",
                                List.of("x"),
                                "deep",
                                Map.of("id", "d"),
                                "n",
                                7L));
        assertThat(identity.identifyingClaims().toString())
                .isEqualTo("{b=true, a=1, /deep/id=d, n=7}");
    }
}
