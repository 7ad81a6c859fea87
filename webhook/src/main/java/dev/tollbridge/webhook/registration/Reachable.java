package dev.tollbridge.webhook.registration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// How the API server reaches the webhook.
public sealed interface Reachable {

    /// @param path `/validate` or `/mutate`
    void describe(ObjectNode clientConfig, String path);

    /// The same, believed by other authorities.
    Reachable trusting(String caPem);

    /// Through a Service of the cluster.
    ///
    /// @param caPem authorities to believe, several during a rotation; empty where somebody else
    ///   puts them in, such as cert-manager's injector
    record Service(String namespace, String name, int port, String caPem) implements Reachable {
        @Override
        public void describe(ObjectNode clientConfig, String path) {
            clientConfig
                    .putObject("service")
                    .put("namespace", namespace)
                    .put("name", name)
                    .put("port", port)
                    .put("path", path);
            bundle(clientConfig, caPem);
        }

        @Override
        public Reachable trusting(String authorities) {
            return new Service(namespace, name, port, authorities);
        }
    }

    /// Outside the cluster.
    record Url(String base, String caPem) implements Reachable {
        @Override
        public void describe(ObjectNode clientConfig, String path) {
            clientConfig.put("url", base + path);
            bundle(clientConfig, caPem);
        }

        @Override
        public Reachable trusting(String authorities) {
            return new Url(base, authorities);
        }
    }

    private static void bundle(ObjectNode clientConfig, String caPem) {
        if (!caPem.isEmpty()) {
            clientConfig.put(
                    "caBundle",
                    Base64.getEncoder().encodeToString(caPem.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
