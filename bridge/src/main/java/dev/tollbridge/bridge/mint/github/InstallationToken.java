package dev.tollbridge.bridge.mint.github;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.secret.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A token as GitHub gave it, and whether it is what was asked for (GitHub REST API, "Create an
/// installation access token for an app").
///
/// @param expiresAt null when GitHub did not say
record InstallationToken(Secret token, @Nullable Instant expiresAt, Claims answer) {

    /// GitHub gives it with every other permission, unasked; it names repositories and no content.
    private static final String ALWAYS_GIVEN = "metadata";

    /// From the least to the most.
    private static final List<String> LEVELS = List.of("read", "write", "admin");

    private static final int MAX_TOKEN = 16 * 1024;

    /// A token of any length and form: it changed before, and only GitHub reads it.
    ///
    /// @throws MintFailure when it cannot be told from the answer which token was made
    static InstallationToken of(Claims answer) throws MintFailure {
        String token = answer.string("token");
        if (token == null
                || token.isEmpty()
                || token.length() > MAX_TOKEN
                || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw ProviderAnswers.unreadable("holds no token");
        }
        return new InstallationToken(
                Secret.of(token), instant(answer.string("expires_at")), answer);
    }

    private static @Nullable Instant instant(@Nullable String written) {
        try {
            return written == null ? null : Instant.parse(written).truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// Why it must not be passed on; null when it may.
    @Nullable String excess(GitHub asked) {
        if (expiresAt == null) {
            return "GitHub did not say when the token ends";
        }
        if (!"selected".equals(answer.string("repository_selection"))) {
            return "GitHub gave a token that is not limited to selected repositories";
        }
        if (!(answer.get("permissions") instanceof Map<?, ?> permissions)) {
            return "GitHub did not say which permissions the token has";
        }
        for (Map.Entry<?, ?> given : permissions.entrySet()) {
            String name = String.valueOf(given.getKey());
            if (!covered(asked.permissions().get(name), given.getValue(), name)) {
                return "GitHub gave a token with a permission that was not asked for";
            }
        }
        return repositories(asked);
    }

    private static boolean covered(
            @Nullable String asked, @Nullable Object given, String permission) {
        int level = LEVELS.indexOf(given);
        if (level < 0) {
            return false;
        }
        return (permission.equals(ALWAYS_GIVEN) && level == 0)
                || (asked != null && level <= LEVELS.indexOf(asked));
    }

    /// The list may be missing; the selection has been looked at.
    private @Nullable String repositories(GitHub asked) {
        Object given = answer.get("repositories");
        if (given == null) {
            return null;
        }
        if (!(given instanceof List<?> repositories)) {
            return "GitHub did not say which repositories the token is for";
        }
        Set<String> names = new HashSet<>();
        for (String name : asked.repositories()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        for (Object repository : repositories) {
            if (!(repository instanceof Map<?, ?> members)
                    || !(members.get("name") instanceof String name)
                    || !names.contains(name.toLowerCase(Locale.ROOT))
                    || !ownedBy(asked.owner(), members.get("owner"))) {
                return "GitHub gave a token for a repository that was not asked for";
            }
        }
        return null;
    }

    private static boolean ownedBy(@Nullable String asked, @Nullable Object owner) {
        return asked == null
                || !(owner instanceof Map<?, ?> members)
                || !(members.get("login") instanceof String login)
                || asked.equalsIgnoreCase(login);
    }
}
