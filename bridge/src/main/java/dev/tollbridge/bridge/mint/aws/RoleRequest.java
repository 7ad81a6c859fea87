package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;

/// What STS is asked for.
///
/// @param sessionName 2 to 64 characters of `[\w+=,.@-]`
/// @param token of the federation issuer
/// @param life 15 minutes to 12 hours
record RoleRequest(Aws settings, String sessionName, Secret token, Duration life) {}
