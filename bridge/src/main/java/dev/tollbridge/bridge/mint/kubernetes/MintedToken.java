package dev.tollbridge.bridge.mint.kubernetes;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A last look at what an API server gave, before anybody is given it: whether it is for whom it
/// was asked for. Its signature is the API server's business.
final class MintedToken {

    private static final int LONGEST = 16 * 1024;
    private static final Pattern ID = Pattern.compile("[0-9a-zA-Z-]{8,64}");

    private final Claims claims;

    private MintedToken(Claims claims) {
        this.claims = claims;
    }

    /// @return null when it is no token
    static @Nullable MintedToken read(@Nullable String token) {
        if (token == null || token.length() > LONGEST) {
            return null;
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
            return new MintedToken(StrictJson.object(payload));
        } catch (IllegalArgumentException | StrictJson.Malformed e) {
            return null;
        }
    }

    /// @param trusted whether some trusted issuer's tokens have this audience
    /// @return null when it may be given away; else why not
    @Nullable String wrong(Kubernetes target, Predicate<String> trusted) {
        String subject =
                "system:serviceaccount:" + target.namespace() + ":" + target.serviceAccount();
        if (!subject.equals(claims.string("sub"))) {
            return "the API server's token is for another service account";
        }
        Set<String> audiences = audiences();
        if (audiences.isEmpty()) {
            return "the API server's token has no audience";
        }
        if (audiences.stream().anyMatch(trusted)) {
            // DESIGN 14, rule 1: without audiences of its own a target gets the API server's, which
            // only the API server knows.
            return "the token has an audience that a trusted issuer's tokens have: it would be taken"
                    + " for proof of identity";
        }
        Set<String> more = new HashSet<>(audiences);
        more.removeAll(target.audiences());
        if (!target.audiences().isEmpty() && !more.isEmpty()) {
            return "the API server's token has audiences that nobody asked for";
        }
        return null;
    }

    private Set<String> audiences() {
        Object aud = claims.get("aud");
        Set<String> found = new HashSet<>();
        if (aud instanceof String one) {
            found.add(one);
        } else if (aud instanceof List<?> several) {
            several.forEach(each -> found.add(String.valueOf(each)));
        }
        return found;
    }

    /// By which the API server's own log names it (`authentication.kubernetes.io/credential-id`).
    @Nullable String id() {
        String id = claims.string("jti");
        return id != null && ID.matcher(id).matches() ? id : null;
    }
}
