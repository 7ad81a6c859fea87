package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.http.AdminToken;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.TrustedProxies;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.serve.Bridge;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.tls.ServerIdentity;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Everything the story needs: three platforms and a bridge, on free ports of this machine, with a
/// folder of their own. Nothing of it is left when this is closed.
public final class DemoStage implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DemoFolder folder;
    private final DemoIssuer gitHub;
    private final DemoIssuer gitLab;
    private final DemoIssuer kubernetes;
    private final Bridge bridge;
    private final Secret operator;
    private final Http http;

    private DemoStage() {
        try {
            folder = opened(DemoFolder.create());
            ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
            ServerIdentity identity = ca.issue("localhost", "127.0.0.1");
            // The path is that of GitHub Enterprise Server: this is what its preset expects.
            gitHub = opened(DemoIssuer.rsa(identity, "/_services/token"));
            gitLab = opened(DemoIssuer.rsa(identity, ""));
            kubernetes = opened(DemoIssuer.ec(identity, ""));
            folder.write("config/ca.pem", ca.certificatePem());
            folder.write(
                    "config/issuers.yaml",
                    DemoPolicy.issuers(gitHub.url(), gitLab.url(), kubernetes.url()));
            folder.write("config/targets.yaml", DemoPolicy.targets());
            folder.write("config/grants.yaml", DemoPolicy.grants());
            bridge = opened(Bridge.start(settings(folder)));
            operator = AdminToken.open(folder.data().resolve(AdminToken.FILE)).secret();
            http = opened(Http.trusting(null));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts all of it.
    public static DemoStage set() {
        return new DemoStage();
    }

    private static ServeSettings settings(DemoFolder folder) {
        ListenAddress anyPort = new ListenAddress("127.0.0.1", 0);
        return new ServeSettings(
                folder.config(),
                folder.data(),
                new ListenerSettings(anyPort, null, false, TrustedProxies.NONE),
                anyPort,
                null,
                Set.of(),
                IssuanceLimits.DEFAULT,
                false,
                false);
    }

    private <T extends AutoCloseable> T opened(T part) {
        synchronized (open) {
            open.push(part);
        }
        return part;
    }

    DemoFolder folder() {
        return folder;
    }

    DemoIssuer gitHub() {
        return gitHub;
    }

    DemoIssuer gitLab() {
        return gitLab;
    }

    DemoIssuer kubernetes() {
        return kubernetes;
    }

    BridgeUrl bridge() {
        return BridgeUrl.parse(bridge.url());
    }

    BridgeUrl management() {
        return BridgeUrl.parse(bridge.managementUrl());
    }

    /// What opens the doors that are for operators.
    Secret operator() {
        return operator;
    }

    Http http() {
        return http;
    }

    /// Newest first; a second time does nothing.
    @Override
    public void close() {
        while (true) {
            AutoCloseable part;
            synchronized (open) {
                part = open.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // The rest still has to go.
            }
        }
    }
}
