package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.http.AdminToken;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.serve.Bridge;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.tls.ServerIdentity;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;

/// Everything the story needs: three platforms and a bridge, on free ports of this machine, with a
/// folder of their own.
public final class DemoStage {

    private final DemoFolder folder;
    private final DemoIssuer gitHub;
    private final DemoIssuer gitLab;
    private final DemoIssuer kubernetes;
    private final Bridge bridge;
    private final Secret operator;
    private final Http http;
    private final DemoWebhook webhook;

    private DemoStage(DemoProps props) throws IOException {
        folder = props.opened(DemoFolder.create());
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        ServerIdentity identity = ca.issue("localhost", "127.0.0.1");
        // The path is that of GitHub Enterprise Server: this is what its preset expects.
        gitHub = props.opened(DemoIssuer.rsa(identity, "/_services/token"));
        gitLab = props.opened(DemoIssuer.rsa(identity, ""));
        kubernetes = props.opened(DemoIssuer.ec(identity, ""));
        folder.write("config/ca.pem", ca.certificatePem());
        folder.write(
                "config/issuers.yaml",
                DemoPolicy.issuers(gitHub.url(), gitLab.url(), kubernetes.url()));
        folder.write("config/targets.yaml", DemoPolicy.targets());
        folder.write("config/grants.yaml", DemoPolicy.grants());
        bridge = props.opened(Bridge.start(settings(folder)));
        operator = AdminToken.open(folder.data().resolve(AdminToken.FILE)).secret();
        http = props.opened(Http.trusting(null));
        webhook = DemoWebhook.set(props, folder);
    }

    /// Starts all of it.
    ///
    /// @param props where it is put; nothing is left once these are closed
    public static DemoStage set(DemoProps props) {
        try {
            return new DemoStage(props);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServeSettings settings(DemoFolder folder) {
        return ServeSettings.local(folder.config(), folder.data());
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

    DemoWebhook webhook() {
        return webhook;
    }

    Http http() {
        return http;
    }
}
