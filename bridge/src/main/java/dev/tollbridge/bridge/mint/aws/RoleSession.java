package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.secret.Secret;
import java.time.Instant;

/// What STS gave: keys of a role's session, already found to be of the role and session that were
/// asked for.
///
/// @param accessKeyId names the keys, and is no secret
/// @param expiresAt whole seconds
/// @param accountId twelve digits
record RoleSession(
        String accessKeyId,
        Secret secretAccessKey,
        Secret sessionToken,
        Instant expiresAt,
        String accountId) {}
