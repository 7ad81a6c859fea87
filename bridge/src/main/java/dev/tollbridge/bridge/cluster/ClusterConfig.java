package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a cluster is reached: from a kubeconfig, or from what Kubernetes puts into each pod, and
/// from nothing else. The client library would also look at a home folder, at variables and at
/// proxies, and would run what a kubeconfig tells it to; what is read here is read by us.
final class ClusterConfig {

    static final Path IN_CLUSTER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /// Longer than a healthy API server ever needs, shorter than a caller waits.
    private static final int TIMEOUT_MILLIS = 3_000;

    private static final long LARGEST = 1 << 20;

    private ClusterConfig() {}

    /// Names what is wrong with a kubeconfig, and quotes nothing from it.
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }

    /// @param folder where the token and the authority are
    /// @param environment by name
    static Config inCluster(Path folder, Function<String, @Nullable String> environment) {
        String host = environment.apply("KUBERNETES_SERVICE_HOST");
        String port = environment.apply("KUBERNETES_SERVICE_PORT");
        if (host == null || port == null || !Files.isReadable(folder.resolve("token"))) {
            throw new Unusable("inCluster: the bridge does not run in a pod of a cluster");
        }
        return new ConfigBuilder(bounded())
                .withMasterUrl(
                        "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
                .withCaCertFile(folder.resolve("ca.crt").toString())
                // The kubelet writes a new token long before the old one ends.
                .withOauthTokenProvider(() -> text(folder.resolve("token")))
                .build();
    }

    static Config kubeconfig(Path file) {
        io.fabric8.kubernetes.api.model.Config read;
        try {
            if (Files.size(file) > LARGEST) {
                throw new Unusable("the kubeconfig is larger than 1 MiB");
            }
            read = KubeConfigUtils.parseConfigFromString(Files.readString(file));
        } catch (IOException e) {
            throw new Unusable("the kubeconfig cannot be read: " + e.getClass().getSimpleName());
        } catch (Unusable e) {
            throw e;
        } catch (RuntimeException e) {
            // Its message quotes the file.
            throw new Unusable("the kubeconfig is none");
        }
        return config(read, file.toAbsolutePath().resolveSibling(""));
    }

    private static Config config(io.fabric8.kubernetes.api.model.Config read, Path folder) {
        for (NamedAuthInfo named : list(read.getUsers())) {
            AuthInfo user = named.getUser();
            if (user != null && (user.getExec() != null || user.getAuthProvider() != null)) {
                throw new Unusable(
                        "the kubeconfig has a user with exec or auth-provider: the bridge runs no"
                                + " commands; use a token, tokenFile or client certificate");
            }
        }
        Context context =
                list(read.getContexts()).stream()
                        .filter(named -> named.getName().equals(read.getCurrentContext()))
                        .map(NamedContext::getContext)
                        .findFirst()
                        .orElseThrow(() -> new Unusable("the kubeconfig has no current context"));
        Cluster cluster =
                list(read.getClusters()).stream()
                        .filter(named -> named.getName().equals(context.getCluster()))
                        .map(NamedCluster::getCluster)
                        .findFirst()
                        .orElseThrow(() -> new Unusable("the context names no cluster"));
        AuthInfo user =
                list(read.getUsers()).stream()
                        .filter(named -> named.getName().equals(context.getUser()))
                        .map(NamedAuthInfo::getUser)
                        .findFirst()
                        .orElseThrow(() -> new Unusable("the context names no user"));
        return config(cluster, user, folder);
    }

    private static Config config(Cluster cluster, AuthInfo user, Path folder) {
        String server = cluster.getServer();
        if (server == null || !server.startsWith("https://")) {
            throw new Unusable("the kubeconfig's server is no https URL");
        }
        if (Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify())
                || cluster.getProxyUrl() != null
                || cluster.getTlsServerName() != null) {
            throw new Unusable(
                    "the kubeconfig asks for insecure-skip-tls-verify, proxy-url or"
                            + " tls-server-name, which the bridge does not do");
        }
        if (user.getAs() != null || user.getUsername() != null) {
            throw new Unusable("the kubeconfig asks for impersonation or a password");
        }
        ConfigBuilder builder =
                new ConfigBuilder(bounded())
                        .withMasterUrl(server)
                        .withCaCertData(cluster.getCertificateAuthorityData())
                        .withCaCertFile(file(folder, cluster.getCertificateAuthority()))
                        .withClientCertData(user.getClientCertificateData())
                        .withClientCertFile(file(folder, user.getClientCertificate()))
                        .withClientKeyData(user.getClientKeyData())
                        .withClientKeyFile(file(folder, user.getClientKey()));
        String tokenFile = file(folder, user.getTokenFile());
        if (tokenFile != null) {
            Path token = Path.of(tokenFile);
            builder.withOauthTokenProvider(() -> text(token));
        } else if (user.getToken() != null) {
            builder.withOauthToken(user.getToken());
        }
        return builder.build();
    }

    private static Config bounded() {
        return new ConfigBuilder(Config.empty())
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static @Nullable String file(Path folder, @Nullable String named) {
        return named == null ? null : folder.resolve(named).toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Unusable("the token's file cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static <T> List<T> list(@Nullable List<T> given) {
        return given == null ? List.of() : given;
    }
}
