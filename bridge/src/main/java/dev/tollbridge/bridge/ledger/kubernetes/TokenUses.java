package dev.tollbridge.bridge.ledger.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.kubernetes.LedgerObjects.Sort;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which tokens have been used, as objects of their own whose name follows from the token: of all
/// replicas that create it at once the API server lets one. Kept apart from issuances, so that
/// deleting one of these does not open its token again.
final class TokenUses {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LedgerObjects objects;
    private final InstantSource clock;

    /// Uses that issuances under way share, by name: how many there are.
    private final Map<String, Integer> sharing = new ConcurrentHashMap<>();

    TokenUses(LedgerObjects objects, InstantSource clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /// @throws Refusal `token_replayed`, `ledger_unavailable`, `overloaded`
    void take(Issuance issuance) {
        String name = name(issuance);
        if (name == null) {
            return;
        }
        sharing.merge(name, 1, Integer::sum);
        try {
            take(issuance, name);
        } catch (Refusal refusal) {
            sharing.computeIfPresent(name, (_, count) -> count > 1 ? count - 1 : null);
            throw refusal;
        }
    }

    private void take(Issuance issuance, String name) {
        GenericKubernetesResource use = use(issuance, name);
        if (objects.create(Sort.TOKEN_USE, use)) {
            return;
        }
        GenericKubernetesResource there = objects.get(Sort.TOKEN_USE, name);
        if (there == null) {
            // Given back or collected this moment; whoever asks again finds out.
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE, "the token's use is changing", RETRY);
        }
        JsonNode spec = IssuanceObject.tree(there).path("spec");
        if (ended(spec)) {
            use.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
            if (objects.replace(Sort.TOKEN_USE, use)) {
                return;
            }
        } else if (spec.path("presentation").asText().equals(issuance.presentation())) {
            return;
        }
        throw new Refusal(
                RefusalReason.TOKEN_REPLAYED,
                spec.path("peer").asText().equals(issuance.peer())
                        ? "used before, from the same address"
                        : "used before, from another address");
    }

    /// After the moment that the file ledger goes by, too.
    private boolean ended(JsonNode spec) {
        return clock.instant().getEpochSecond() >= spec.path("until").asLong(Long.MAX_VALUE);
    }

    private static GenericKubernetesResource use(Issuance issuance, String name) {
        GenericKubernetesResource use = new GenericKubernetesResource();
        Instant until = issuance.replayUntil();
        use.setMetadata(
                new ObjectMetaBuilder()
                        .withName(name)
                        .addToLabels(IssuanceObject.ENDS, IssuanceObject.hour(until))
                        .build());
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("presentation", issuance.presentation());
        spec.put("until", until.getEpochSecond() + 1);
        spec.put("issuer", issuance.issuer());
        spec.put("peer", issuance.peer());
        use.setAdditionalProperty("spec", spec);
        return use;
    }

    /// The issuance came to nothing: the last that shares its use gives it back.
    void giveBack(Issuance issuance) {
        String name = name(issuance);
        if (name == null) {
            return;
        }
        boolean[] last = {false};
        sharing.computeIfPresent(
                name,
                (_, count) -> {
                    last[0] = count == 1;
                    return count == 1 ? null : count - 1;
                });
        if (last[0]) {
            objects.delete(Sort.TOKEN_USE, name);
        }
    }

    /// The issuance is out: its use is never given back.
    void keep(Issuance issuance) {
        String name = name(issuance);
        if (name != null) {
            sharing.remove(name);
        }
    }

    private static @Nullable String name(Issuance issuance) {
        return issuance.replay() == Replay.SINGLE_USE
                ? name(issuance.issuer(), issuance.jtiHash(), "")
                : issuance.replay() == Replay.PER_TARGET
                        ? name(issuance.issuer(), issuance.jtiHash(), issuance.target())
                        : null;
    }

    /// The name tells nothing of the token to whoever may list these.
    static String name(String issuer, String jtiHash, String target) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (issuer + "\n" + jtiHash + "\n" + target)
                                            .getBytes(StandardCharsets.UTF_8));
            return "use-" + HexFormat.of().formatHex(hash, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
