package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;

import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import dev.tollbridge.webhook.testing.MarkedWords;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A real API server with the webhook's own kinds, and what tests do with it.
final class ClusterScene {

    static final String OWN = "tollbridge";
    static final String SECRET =
            "{apiVersion: v1, kind: Secret, metadata: {name: %s, namespace: %s}, stringData: {token: %s}}";
    static final String POD =
            "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: %s}, spec: {containers: [{name: app, image:"
                    + " i}], volumes: [{name: v, secret: {secretName: %s}}]}}";

    final ClusterFixture cluster;
    final KubernetesClient client;
    private final Path folder;

    ClusterScene(String... namespaces) {
        this(ClusterFixture.shared(), namespaces);
    }

    ClusterScene(ClusterFixture cluster, String... namespaces) {
        this.cluster = cluster;
        this.client = cluster.client();
        try {
            folder = Files.createTempDirectory("tollbridge-objects-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cluster.kubectl("create", "namespace", OWN);
        for (String namespace : namespaces) {
            cluster.kubectl("create", "namespace", namespace);
        }
        cluster.kubectl(
                "apply", "-f", "../charts/tollbridge/crds/tollbridge.dev_secretverdicts.yaml");
        cluster.kubectl("wait", "--for=condition=Established", "crd/secretverdicts.tollbridge.dev");
    }

    /// @param sweepEvery null: never
    WebhookOptions options(@Nullable Duration sweepEvery) {
        return options(sweepEvery, cluster.kubeconfig());
    }

    WebhookOptions options(@Nullable Duration sweepEvery, Path kubeconfig) {
        return new WebhookOptions(
                new ListenAt("127.0.0.1", 0),
                new ListenAt("127.0.0.1", 0),
                null,
                null,
                null,
                Limits.DEFAULT,
                _ -> new MarkedWords(),
                new WebhookOptions.InCluster(
                        kubeconfig,
                        new Reachable.Url("", ""),
                        OWN,
                        List.of("127.0.0.1", "localhost"),
                        "",
                        sweepEvery,
                        null,
                        new Leadership.Timing(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(200))));
    }

    KubectlResult apply(String yaml) {
        return run(yaml, "apply");
    }

    KubectlResult run(String yaml, String... verb) {
        try {
            Path file = Files.createTempFile(folder, "object", ".yaml");
            Files.writeString(file, yaml);
            List<String> arguments = new ArrayList<>(List.of(verb));
            arguments.addAll(List.of("-f", file.toString()));
            return cluster.kubectl(arguments.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The API server takes up a registration when its watch tells it, and says nothing when it
    /// has.
    void until(String namespace, boolean allowed) {
        await(
                namespace + " becomes as it should",
                () ->
                        run(
                                                SECRET.formatted("probe", namespace, LOGIN),
                                                "create",
                                                "--dry-run=server")
                                        .succeeded()
                                == allowed);
    }

    void untilReady(Webhook webhook) {
        await("the webhook is ready", () -> readiness(webhook).contains("\"ready\":true"));
    }

    static String readiness(Webhook webhook) {
        return get(webhook, "/readyz");
    }

    /// @param metric with its labels, as Prometheus writes them
    static double figure(Webhook webhook, String metric) {
        return get(webhook, "/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static String get(Webhook webhook, String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(webhook.managementUrl() + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What comes about by watches and other replicas comes when it comes.
    static void await(String what, BooleanSupplier holds) {
        for (int i = 0; i < 1200; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("it never came about: " + what);
    }

    void end() {
        cluster.kubectl(
                "delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all");
        cluster.kubectl("delete", "secretverdicts", "-n", OWN, "--all");
        client.close();
    }
}
