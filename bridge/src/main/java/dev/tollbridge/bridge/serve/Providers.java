package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.fetch.AddressResolver;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.GuardedMinter;
import dev.tollbridge.bridge.mint.GuardedMinter.GuardParts;
import dev.tollbridge.bridge.mint.MintLimits;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.Pause;
import dev.tollbridge.bridge.mint.aws.AwsStsMinter;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.mint.google.GoogleMinter;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.signing.FileKeyring;
import dev.tollbridge.bridge.signing.OwnIssuer;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/// Every kind of target that can be minted for, in one list: the bridge's own tokens, and the
/// providers, each behind a guard of its own.
final class Providers implements AutoCloseable {

    private final GuardedFetcher fetcher;
    private final GuardParts guard;
    private final BridgeMetrics metrics;
    private final List<CredentialMinter> minters = new ArrayList<>();

    Providers(
            Vertx vertx,
            FileKeyring keyring,
            String externalUrl,
            AllowedEndpoints endpoints,
            InstantSource clock,
            ExecutorService threads,
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

    @Override
    public void close() {
        fetcher.close();
    }
}
