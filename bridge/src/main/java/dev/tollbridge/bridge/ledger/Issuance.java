package dev.tollbridge.bridge.ledger;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An issuance that is about to be reserved: all the ledger needs to know, and nothing secret.
///
/// @param id `iss_` and a ULID, whose time is the decision's
/// @param presentation the request's id: issuances of one request share one use of the subject
///   token
/// @param jtiHash what replay is judged by
/// @param replayUntil how long a use of the token is remembered: its end, plus skew, plus a margin
/// @param subjectIssuedAt the token's `iat`: a ledger that lost its memory refuses tokens issued
///   before that moment
/// @param expires when the credential will end
/// @param named whether a kill switch names this issuance
/// @param session the job session (`ses_...`) it belongs to; null: none
public record Issuance(
        String id,
        String receipt,
        Instant time,
        String presentation,
        String issuer,
        String subject,
        Map<String, String> claims,
        String tokenFingerprint,
        String jtiHash,
        Replay replay,
        Instant subjectIssuedAt,
        Instant subjectExpires,
        Instant replayUntil,
        String grant,
        String target,
        String targetKind,
        String scope,
        Duration ttl,
        Instant expires,
        String senderConstraint,
        String peer,
        @Nullable String userAgent,
        String owner,
        Predicate<KillSwitch> named,
        @Nullable String session) {}
