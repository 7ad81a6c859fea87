package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What a workload gets: one target, one scope, one lifetime. Only this package makes one, so what
/// was not decided cannot be minted.
public final class Decision {

    private final WorkloadIdentity identity;
    private final Target target;
    private final String grant;
    private final String owner;
    private final SortedSet<String> scope;
    private final Duration ttl;
    private final Instant decidedAt;
    private final SenderProof boundTo;
    private final List<String> shadows;
    private final @Nullable Duration sessionMax;

    Decision(
            WorkloadIdentity identity,
            Target target,
            String grant,
            String owner,
            SortedSet<String> scope,
            Duration ttl,
            Instant decidedAt,
            SenderProof boundTo,
            List<String> shadows,
            @Nullable Duration sessionMax) {
        this.identity = identity;
        this.target = target;
        this.grant = grant;
        this.owner = owner;
        this.scope = scope;
        this.ttl = ttl;
        this.decidedAt = decidedAt;
        this.boundTo = boundTo;
        this.shadows = List.copyOf(shadows);
        this.sessionMax = sessionMax;
    }

    public WorkloadIdentity identity() {
        return identity;
    }

    public Target target() {
        return target;
    }

    /// The name of the grant that decided.
    public String grant() {
        return grant;
    }

    /// The grant's owner.
    public String owner() {
        return owner;
    }

    public SortedSet<String> scope() {
        return scope;
    }

    /// Whole seconds, at least one.
    public Duration ttl() {
        return ttl;
    }

    public Instant decidedAt() {
        return decidedAt;
    }

    public Instant expiresAt() {
        return decidedAt.plus(ttl);
    }

    /// The key the credential is to be bound to; {@link SenderProof#NONE} for a bearer credential.
    public SenderProof boundTo() {
        return boundTo;
    }

    /// How long a job session may last by the grant that decided; null: it gives none.
    public @Nullable Duration sessionMax() {
        return sessionMax;
    }

    /// Names of grants in shadow mode that would have matched.
    public List<String> shadows() {
        return shadows;
    }
}
