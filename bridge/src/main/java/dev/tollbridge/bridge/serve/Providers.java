package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.fetch.AddressResolver;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.GuardedMinter;
import dev.tollbridge.bridge.mint.GuardedMinter.GuardParts;
import dev.tollbridge.bridge.mint.MintLimits;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.Pause;
import dev.tollbridge.bridge.mint.aws.AwsStsMinter;
import dev.tollbridge.bridge.mint.azure.EntraMinter;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.mint.github.GitHubAppMinter;
import dev.tollbridge.bridge.mint.google.GoogleMinter;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.mint.kubernetes.KubernetesMinter;
import dev.tollbridge.bridge.mint.oauth.OAuthMinter;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.Target;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/// Every kind of target that can be minted for, in one list: the bridge's own tokens, and the
/// providers, each behind a guard of its own.
final class Providers implements AutoCloseable {

    /// How long a bridge may have been away and still tidy up what it left.
    private static final Duration LOOKED_BACK = Duration.ofDays(1);

    private static final int MOST_REMEMBERED = 1_000;

    private final GuardedFetcher fetcher;
    private final GuardParts guard;
    private final BridgeMetrics metrics;
    private final KubernetesMinter kubernetes;
    private final List<CredentialMinter> minters = new ArrayList<>();

    Providers(
            Vertx vertx,
            Keyring keyring,
            String externalUrl,
            AllowedEndpoints endpoints,
            InstantSource clock,
            ExecutorService threads,
            ClusterClients clusters,
            Predicate<String> trustedAudience,
            BridgeMetrics metrics) {
        this.metrics = metrics;
        fetcher =
                new GuardedFetcher(vertx, AddressResolver.SYSTEM, GuardedFetcher.MANY_CONNECTIONS);
        guard =
                new GuardParts(
                        clock,
                        System::nanoTime,
                        new SecureRandom(),
                        Pause.SLEEPING,
                        threads,
                        metrics::minted);
        FederationTokens federation =
                new FederationTokens(
                        keyring.signer(OwnIssuer.FEDERATION),
                        OwnIssuer.FEDERATION.url(externalUrl),
                        clock);

        minters.add(new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), externalUrl));
        // One line per provider:
        guarded(new AwsStsMinter(federation, fetcher, endpoints), MintLimits.DEFAULT);
        guarded(new GoogleMinter(federation, fetcher, endpoints, clock), MintLimits.DEFAULT);
        kubernetes = new KubernetesMinter(clusters, trustedAudience, clock);
        guarded(kubernetes, MintLimits.DEFAULT);
        guarded(new EntraMinter(federation, fetcher, endpoints, clock), MintLimits.DEFAULT);
        guarded(new GitHubAppMinter(fetcher, endpoints, clock), MintLimits.DEFAULT);
        guarded(
                new OAuthMinter(federation, fetcher, endpoints, clock, guard.random()),
                MintLimits.DEFAULT);
    }

    private void guarded(CredentialMinter minter, MintLimits limits) {
        GuardedMinter guarded = new GuardedMinter(minter, limits, guard);
        metrics.kindGauge(
                "tollbridge.mint.circuits.open",
                "Targets whose provider keeps failing and is not asked for a while",
                guarded.kind(),
                guarded::shortCircuited);
        minters.add(guarded);
    }

    Minters minters() {
        return new Minters(minters);
    }

    /// What earlier processes left at providers, to be taken away when it has ended.
    void remember(Iterable<Target> targets, Ledger ledger, Instant now) {
        for (Target target : targets) {
            if (!target.kind().equals(kubernetes.kind()) || !kubernetes.revocable(target)) {
                continue;
            }
            Instant since = now.minus(target.maxTtl()).minus(LOOKED_BACK);
            for (IssuanceState state :
                    ledger.list(new Ledger.Query(null, target.name(), since, MOST_REMEMBERED))) {
                AuditRecord record = state.record();
                if (record.id() != null && record.detail() != null && record.expires() != null) {
                    kubernetes.remember(target, record.id(), record.detail(), record.expires());
                }
            }
        }
    }

    /// Takes away at providers what has ended. Blocks.
    void tidy() {
        kubernetes.tidy();
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
