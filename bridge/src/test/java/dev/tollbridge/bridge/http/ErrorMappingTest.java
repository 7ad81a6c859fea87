package dev.tollbridge.bridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMappingTest {

    private static final String TABLE =
            """
            REQUEST_MALFORMED, invalid_request, 400
            GRANT_TYPE_UNSUPPORTED, unsupported_grant_type, 400
            TOKEN_MALFORMED, invalid_request, 400
            ISSUER_UNKNOWN, invalid_request, 400
            KEY_UNKNOWN, invalid_request, 400
            SIGNATURE_INVALID, invalid_request, 400
            AUDIENCE_MISMATCH, invalid_request, 400
            TOKEN_EXPIRED, invalid_request, 400
            TOKEN_NOT_YET_VALID, invalid_request, 400
            TOKEN_TOO_OLD, invalid_request, 400
            TOKEN_TOO_LONG_LIVED, invalid_request, 400
            TOKEN_REPLAYED, invalid_request, 400
            CLAIM_MALFORMED, invalid_request, 400
            SUBJECT_GONE, invalid_request, 400
            SUBJECT_DISABLED, invalid_request, 400
            GRANT_MISSING, invalid_target, 400
            TARGET_UNKNOWN, invalid_target, 400
            SCOPE_REFUSED, invalid_scope, 400
            TTL_REFUSED, invalid_request, 400
            PROOF_REQUIRED, invalid_request, 400
            PROOF_INVALID, invalid_request, 400
            APPROVAL_REQUIRED, invalid_target, 400
            ISSUER_UNAVAILABLE, temporarily_unavailable, 503
            TARGET_UNAVAILABLE, temporarily_unavailable, 503
            LEDGER_UNAVAILABLE, temporarily_unavailable, 503
            OVERLOADED, temporarily_unavailable, 503
            TARGET_REFUSED, invalid_target, 400
            SESSION_UNKNOWN, invalid_request, 400
            SESSION_ENDED, invalid_request, 400
            SESSION_REPLAYED, invalid_request, 400
            SESSION_REFUSED, invalid_request, 400
            INTERNAL, server_error, 500
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void saysWhatTheInterfaceSays(RefusalReason reason, String error, int status) {
        assertThat(ErrorMapping.error(reason, false, false, false)).isEqualTo(error);
        assertThat(ErrorMapping.status(reason)).isEqualTo(status);
    }

    @Test
    void theTableAboveHoldsEveryReason() {
        Set<String> listed = new HashSet<>();
        TABLE.lines().forEach(line -> listed.add(line.substring(0, line.indexOf(','))));
        assertThat(Arrays.stream(RefusalReason.values()).map(Enum::name))
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void aProofThatWasSentIsNamedInTheError() {
        assertThat(ErrorMapping.error(RefusalReason.PROOF_INVALID, false, true, false))
                .isEqualTo("invalid_dpop_proof");
    }
}
