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
/// @param plainOnLoopback whether `http` will do where host and address are this machine's own: an
///   emulator or a local proxy that the operator named
public record FetchRules(
        boolean allowPrivate,
        @Nullable String trustedPem,
        Duration deadline,
        int maxBytes,
        boolean plainOnLoopback) {

    /// DESIGN 10: 3 s, 100 kB, public addresses, the system's trust.
    public static final FetchRules DEFAULT =
            new FetchRules(false, null, Duration.ofSeconds(3), 100_000, false);

    public FetchRules withAllowPrivate(boolean allow) {
        return new FetchRules(allow, trustedPem, deadline, maxBytes, plainOnLoopback);
    }

    public FetchRules withTrustedPem(@Nullable String pem) {
        return new FetchRules(allowPrivate, pem, deadline, maxBytes, plainOnLoopback);
    }

    public FetchRules withDeadline(Duration limit) {
        return new FetchRules(allowPrivate, trustedPem, limit, maxBytes, plainOnLoopback);
    }

    public FetchRules withMaxBytes(int limit) {
        return new FetchRules(allowPrivate, trustedPem, deadline, limit, plainOnLoopback);
    }

    /// Also lifts the ban on private addresses: loopback is one.
    public FetchRules withPlainOnLoopback() {
        return new FetchRules(true, trustedPem, deadline, maxBytes, true);
    }
}
