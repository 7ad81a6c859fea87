package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.http.ManagementPorts;
import dev.tollbridge.bridge.http.Readiness;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.operator.OperatorCheck;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.signing.KeyInfo;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.keys.IssuerKeyStatus;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What operators are shown of the running bridge: public facts only, as trees of JSON values.
record Overview(
        LiveRules live,
        JwksIssuerKeys issuerKeys,
        Keyring keyring,
        Ledger ledger,
        BridgeMetrics metrics) {

    ManagementPorts ports(Revocation revocation, JobSessions sessions, OperatorCheck operators) {
        return new ManagementPorts(
                this::readiness,
                metrics,
                ledger,
                revocation,
                sessions,
                operators,
                this::issuers,
                this::grants,
                this::targets,
                this::keys);
    }

    private Readiness readiness() {
        List<String> reasons = new ArrayList<>();
        boolean ready = ledger.healthy();
        if (!ready) {
            reasons.add("the ledger takes no reservations");
        }
        if (!live.refusedEdit().isEmpty()) {
            reasons.add(
                    "the last edit of the configuration is refused; the one before is in force");
        }
        for (IssuerKeyStatus status : issuerKeys.status()) {
            if (status.state() == IssuerKeyStatus.State.UNAVAILABLE) {
                reasons.add("trusted issuer " + status.name() + " has no keys at hand");
            }
        }
        return new Readiness(ready, List.copyOf(reasons));
    }

    private List<Map<String, @Nullable Object>> issuers() {
        Map<String, IssuerKeyStatus> keys =
                issuerKeys.status().stream()
                        .collect(Collectors.toMap(IssuerKeyStatus::name, Function.identity()));
        return live.inForce().issuers().enabled().values().stream()
                .map(issuer -> issuer(issuer, keys.get(issuer.name())))
                .toList();
    }

    private static Map<String, @Nullable Object> issuer(
            TrustedIssuer issuer, @Nullable IssuerKeyStatus keys) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", issuer.name());
        tree.put("issuer", issuer.issuer());
        tree.put("audience", issuer.audience());
        tree.put("preset", issuer.preset() == null ? null : issuer.preset().id());
        tree.put("replay", code(issuer.replay()));
        if (keys != null) {
            tree.put("keys_state", code(keys.state()));
            tree.put("keys_source", keys.source());
            tree.put("keys", keys.keys());
            tree.put("keys_skipped", keys.skipped().size());
            tree.put("keys_fetched", text(keys.lastSuccess()));
            tree.put("keys_last_error", keys.lastError());
        }
        return tree;
    }

    private List<Map<String, @Nullable Object>> grants() {
        Map<String, Instant> lastUse = ledger.lastUse();
        return live.inForce().documents().grants().values().stream()
                .map(grant -> grant(grant, lastUse.get(grant.name())))
                .toList();
    }

    private static Map<String, @Nullable Object> grant(
            Document<GrantSpec> document, @Nullable Instant lastUse) {
        GrantSpec grant = document.spec();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", document.name());
        tree.put("owner", grant.owner());
        tree.put("issuer", grant.issuer());
        tree.put("targets", grant.allow().stream().map(GrantSpec.Allow::target).toList());
        tree.put("mode", code(grant.mode()));
        tree.put("enabled", grant.enabled());
        tree.put("expires", grant.expires() == null ? null : grant.expires().toString());
        tree.put("last_used", text(lastUse));
        tree.put("place", document.place().toString());
        return tree;
    }

    private List<Map<String, @Nullable Object>> targets() {
        return live.inForce().targets().all().stream().map(Overview::target).toList();
    }

    private static Map<String, @Nullable Object> target(Target target) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", target.name());
        tree.put("kind", target.kind());
        tree.put("owner", target.owner());
        tree.put("resource", target.resource());
        tree.put("max_ttl", target.maxTtl().toSeconds());
        tree.put("enabled", target.enabled());
        tree.put("sender_constraint", code(target.senderConstraint()));
        return tree;
    }

    private List<Map<String, @Nullable Object>> keys() {
        return keyring.list().stream().map(Overview::key).toList();
    }

    private static Map<String, @Nullable Object> key(KeyInfo key) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("kid", key.kid());
        tree.put("issuer", key.issuer().code());
        tree.put("algorithm", key.algorithm().joseName());
        tree.put("state", code(key.state()));
        tree.put("created", text(key.createdAt()));
        tree.put("activated", text(key.activatedAt()));
        tree.put("ended", text(key.endedAt()));
        tree.put("leaves", text(key.leavesAt()));
        return tree;
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
