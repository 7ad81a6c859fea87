package dev.tollbridge.bridge.setup;

import java.util.List;
import java.util.Optional;

/// The kinds whose other side can be told what it needs. A new kind is one line here.
public final class TargetSetups {

    private static final List<TargetSetup> ALL =
            List.of(
                    new AwsSetup(),
                    new GoogleSetup(),
                    new KubernetesSetup(),
                    new AzureSetup(),
                    new GitHubSetup(),
                    new OAuthSetup());

    private TargetSetups() {}

    public static List<TargetSetup> all() {
        return ALL;
    }

    public static Optional<TargetSetup> of(String kind) {
        return ALL.stream().filter(setup -> setup.kind().equals(kind)).findFirst();
    }
}
