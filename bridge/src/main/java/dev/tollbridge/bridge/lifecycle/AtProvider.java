package dev.tollbridge.bridge.lifecycle;

import java.util.Locale;

/// What a provider did about a credential that the ledger has revoked.
public enum AtProvider {
    /// There is nobody to tell: whoever accepts the credential asks the bridge, or it has ended.
    NOT_NEEDED,
    ENDED,
    /// It goes on working at its provider until it ends by itself.
    CANNOT_END,
    /// The provider did not answer, or not as it should. The bridge goes on asking for a while;
    /// asking again is safe.
    NOT_REACHED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /// As operators and scripts read it, such as `cannot_end`.
    public String code() {
        return code;
    }
}
