package dev.tollbridge.bridge.cluster;

import dev.tollbridge.testing.cluster.ClusterFixture;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/// Makes what a pod's token stands for, in a namespace of its own, and takes it away again.
final class Workloads implements AutoCloseable {

    static final String AUDIENCE = "https://tollbridge.acme.example";
    static final String SERVICE_ACCOUNT = "deployer";

    private final ClusterFixture cluster;
    private final KubernetesClient client;
    private final String namespace;

    Workloads(ClusterFixture cluster, String namespace) {
        this.cluster = cluster;
        this.client = cluster.client();
        this.namespace = namespace;
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .build())
                .create();
        createServiceAccount();
    }

    String namespace() {
        return namespace;
    }

    void createServiceAccount() {
        client.serviceAccounts()
                .inNamespace(namespace)
                .resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName(SERVICE_ACCOUNT)
                                .endMetadata()
                                .build())
                .create();
    }

    void deleteServiceAccount() {
        client.serviceAccounts().inNamespace(namespace).withName(SERVICE_ACCOUNT).delete();
    }

    /// Trusts the cluster, and gives a pod of this namespace `internal-api` for five minutes.
    ///
    /// @param match one more line of the grant's
    String documents(String match) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: cluster}
        spec:
          preset: kubernetes
          issuer: %s
          audience: %s
          keys: {apiServer: {url: "%s", caFile: "%s", tokenFile: "%s"}}
          tokenReview: {kubeconfig: "%s"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: internal-api}
        spec:
          owner: team-payments@acme.example
          jwt: {audience: "https://api.acme.example"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: deployer}
        spec:
          owner: team-payments@acme.example
          issuer: cluster
          match:
            "/kubernetes.io/namespace": %s
            %s
          allow:
            - {target: internal-api, ttl: 5m}
        """
                .formatted(
                        ClusterFixture.ISSUER,
                        AUDIENCE,
                        cluster.url(),
                        cluster.caFile(),
                        cluster.adminTokenFile(),
                        cluster.kubeconfig(),
                        namespace(),
                        match);
    }

    /// An object only: nothing runs it.
    Pod createPod(String name) {
        return client.pods()
                .inNamespace(namespace)
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withNewSpec()
                                .withServiceAccountName(SERVICE_ACCOUNT)
                                .withAutomountServiceAccountToken(false)
                                .addNewContainer()
                                .withName("main")
                                .withImage("registry.example/none")
                                .endContainer()
                                .endSpec()
                                .build())
                .create();
    }

    void deletePod(String name) {
        client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
    }

    /// The token that a projected volume of this pod would hold.
    String tokenOf(Pod pod, String audience) {
        return token(
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audience)
                        .withExpirationSeconds(600L)
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build());
    }

    String tokenOf(Pod pod) {
        return tokenOf(pod, AUDIENCE);
    }

    /// A token that no object's deletion ends: what `kubectl create token` gives.
    String unboundToken() {
        return token(
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(AUDIENCE)
                        .withExpirationSeconds(600L)
                        .endSpec()
                        .build());
    }

    private String token(TokenRequest request) {
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(SERVICE_ACCOUNT)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    @Override
    public void close() {
        client.close();
    }
}
