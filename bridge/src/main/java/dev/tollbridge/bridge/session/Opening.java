package dev.tollbridge.bridge.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session begins with, and never has more than.
///
/// @param id `ses_...`
/// @param ends the latest moment at which it is over
/// @param issuer the trusted issuer's name
/// @param claims the identifying ones, for the record
/// @param tokenFingerprint of the subject token, for the record
/// @param key thumbprint (RFC 7638) of the DPoP key that every request must prove
/// @param kept all claims of the subject token as JSON; leaves this package sealed only
/// @param given in the order of the answer that opened it
public record Opening(
        String id,
        Instant opened,
        Instant ends,
        String issuer,
        String subject,
        Map<String, String> claims,
        String tokenFingerprint,
        String jtiHash,
        String key,
        byte[] kept,
        List<Given> given,
        String peer,
        @Nullable String userAgent) {

    /// @param scope what the opening gave; a later request may have less of it
    /// @param ttl what the opening gave; a later request may have less
    /// @param grant that decided then, for the record; later requests are decided anew
    public record Given(
            String target, List<String> scope, Duration ttl, String grant, String owner) {}
}
