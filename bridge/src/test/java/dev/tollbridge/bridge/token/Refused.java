package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Expects a refusal, and that nothing of what was presented stands in it.
final class Refused {

    private Refused() {}

    static Refusal expect(RefusalReason reason, String presented, ThrowingCallable step) {
        Throwable thrown = catchThrowable(step);
        assertThat(thrown).isInstanceOf(Refusal.class);
        Refusal refusal = (Refusal) thrown;
        assertThat(refusal.reason()).as(refusal.detail()).isEqualTo(reason);
        assertThat(refusal.detail()).isNotBlank();
        assertThat(refusal.getCause()).isNull();
        String said = refusal.toString();
        for (String part : presented.split("\\.", -1)) {
            for (int i = 0; i + 12 <= part.length(); i++) {
                if (said.contains(part.substring(i, i + 12))) {
                    throw new AssertionError("the refusal quotes what was presented: " + said);
                }
            }
        }
        return refusal;
    }
}
