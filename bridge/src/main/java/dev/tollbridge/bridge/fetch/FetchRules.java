package dev.tollbridge.bridge.fetch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a request may do.
///
/// @param allowPrivate whether loopback, private and link-local addresses may be connected to;
///   metadata services never
/// @param trustedPem certificates to trust instead of the system's, as PEM text; null: the system's
/// @param deadline for everything together, from the name's resolution to the last byte
/// @param maxBytes bound on the body of the answer
public record FetchRules(
        boolean allowPrivate, @Nullable String trustedPem, Duration deadline, int maxBytes) {

    /// DESIGN 10: 3 s, 100 kB, public addresses, the system's trust.
    public static final FetchRules DEFAULT =
            new FetchRules(false, null, Duration.ofSeconds(3), 100_000);

    public FetchRules withAllowPrivate(boolean allow) {
        return new FetchRules(allow, trustedPem, deadline, maxBytes);
    }

    public FetchRules withTrustedPem(@Nullable String pem) {
        return new FetchRules(allowPrivate, pem, deadline, maxBytes);
    }

    public FetchRules withDeadline(Duration limit) {
        return new FetchRules(allowPrivate, trustedPem, limit, maxBytes);
    }

    public FetchRules withMaxBytes(int limit) {
        return new FetchRules(allowPrivate, trustedPem, deadline, limit);
    }
}
