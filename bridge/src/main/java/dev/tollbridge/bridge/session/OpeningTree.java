package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.claims.Claims;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session was opened with, as a JSON tree.
final class OpeningTree {

    private OpeningTree() {}

    static Map<String, @Nullable Object> of(Opening opening) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("opened", opening.opened().toString());
        tree.put("ends", opening.ends().toString());
        tree.put("issuer", opening.issuer());
        tree.put("subject", opening.subject());
        tree.put("claims", opening.claims());
        tree.put("token_fingerprint", opening.tokenFingerprint());
        tree.put("jti_hash", opening.jtiHash());
        tree.put("key", opening.key());
        tree.put("kept", new String(opening.kept(), StandardCharsets.UTF_8));
        tree.put("given", given(opening));
        tree.put("peer", opening.peer());
        tree.put("user_agent", opening.userAgent());
        return tree;
    }

    /// @return null when this is not what {@link #of} makes
    static @Nullable Opening read(String id, Claims tree) {
        List<Opening.Given> given = given(tree);
        Instant opened = instant(tree, "opened");
        Instant ends = instant(tree, "ends");
        if (opened == null
                || ends == null
                || given.isEmpty()
                || !(tree.get("issuer") instanceof String issuer)
                || !(tree.get("subject") instanceof String subject)
                || !(tree.get("claims") instanceof Map<?, ?> identifying)
                || !(tree.get("token_fingerprint") instanceof String tokenFingerprint)
                || !(tree.get("jti_hash") instanceof String jtiHash)
                || !(tree.get("key") instanceof String key)
                || !(tree.get("kept") instanceof String kept)
                || !(tree.get("peer") instanceof String peer)) {
            return null;
        }
        Map<String, String> claims = new LinkedHashMap<>();
        identifying.forEach(
                (name, value) -> claims.put(String.valueOf(name), String.valueOf(value)));
        return new Opening(
                id,
                opened,
                ends,
                issuer,
                subject,
                claims,
                tokenFingerprint,
                jtiHash,
                key,
                kept.getBytes(StandardCharsets.UTF_8),
                given,
                peer,
                tree.string("user_agent"));
    }

    private static @Nullable Instant instant(Claims tree, String name) {
        String text = tree.string(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static List<Map<String, @Nullable Object>> given(Opening opening) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Opening.Given given : opening.given()) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("target", given.target());
            tree.put("scope", given.scope());
            tree.put("ttl", given.ttl().toSeconds());
            tree.put("grant", given.grant());
            tree.put("owner", given.owner());
            list.add(tree);
        }
        return list;
    }

    /// @return empty when there is no such list
    static List<Opening.Given> given(Claims tree) {
        List<Opening.Given> given = new ArrayList<>();
        if (tree.get("given") instanceof List<?> list) {
            for (Object element : list) {
                Opening.Given one = given(element);
                if (one != null) {
                    given.add(one);
                }
            }
        }
        return given;
    }

    private static Opening.@Nullable Given given(@Nullable Object element) {
        if (element instanceof Map<?, ?> tree
                && tree.get("target") instanceof String target
                && tree.get("scope") instanceof List<?> scope
                && tree.get("ttl") instanceof Long ttl
                && tree.get("grant") instanceof String grant
                && tree.get("owner") instanceof String owner) {
            return new Opening.Given(
                    target,
                    scope.stream().map(String::valueOf).toList(),
                    Duration.ofSeconds(ttl),
                    grant,
                    owner);
        }
        return null;
    }
}
