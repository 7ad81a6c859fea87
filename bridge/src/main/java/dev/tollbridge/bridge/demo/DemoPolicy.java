package dev.tollbridge.bridge.demo;

/// The demo's documents: what a platform team writes once.
final class DemoPolicy {

    private DemoPolicy() {}

    static String issuers(String gitHub, String gitLab, String kubernetes) {
        return """
        # Whose tokens are believed. The presets know what is in them and who controls it.
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: github}
        spec:
          preset: github-ghes
          issuer: %1$s
          audience: %4$s
          network: {allowPrivate: true, caFile: ca.pem}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: gitlab}
        spec:
          preset: gitlab-self-managed
          issuer: %2$s
          audience: %4$s
          network: {allowPrivate: true, caFile: ca.pem}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: cluster}
        spec:
          preset: kubernetes
          issuer: %3$s
          audience: %4$s
          network: {allowPrivate: true, caFile: ca.pem}
        """
                .formatted(gitHub, gitLab, kubernetes, DemoTokens.AUDIENCE);
    }

    static String targets() {
        return """
        # What credentials can be had for.
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: deploy-api}
        spec:
          owner: team-payments@acme.example
          maxTtl: 15m
          jwt: {audience: "https://deploy.acme.example", scopes: [deploy:read, deploy:write]}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: package-registry}
        spec:
          owner: team-platform@acme.example
          maxTtl: 15m
          jwt: {audience: "https://packages.acme.example", scopes: [packages:read, packages:write]}
        """;
    }

    static String grants() {
        return """
        # Who may have what. Ids, not names: a name can be given up and taken by somebody else.
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: payments-deploy}
        spec:
          owner: team-payments@acme.example
          issuer: github
          match: {repository_id: "2002", repository_owner_id: "1001", environment: production}
          condition: claims.ref == 'refs/heads/main' && claims.event_name in ['push', 'workflow_dispatch']
          allow:
            - {target: deploy-api, scopes: [deploy:write], ttl: 10m}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: payments-pipeline}
        spec:
          owner: team-payments@acme.example
          issuer: gitlab
          match: {project_id: "20", namespace_id: "72", job_project_id: "20", ref_path: refs/heads/main, ref_protected: "true"}
          condition: claims.pipeline_source in ['push', 'web']
          allow:
            - {target: deploy-api, scopes: [deploy:write], ttl: 10m}
            - {target: package-registry, scopes: [packages:read], ttl: 10m}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: payments-pod}
        spec:
          owner: team-payments@acme.example
          issuer: cluster
          match:
            /kubernetes.io/namespace: payments
            /kubernetes.io/serviceaccount/name: deployer
            /kubernetes.io/serviceaccount/uid: aaaaaaaa-0000-4000-8000-000000000061
          allow:
            - {target: package-registry, scopes: [packages:read], ttl: 5m}
        """;
    }
}
