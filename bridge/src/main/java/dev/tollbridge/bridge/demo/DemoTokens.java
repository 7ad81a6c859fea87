package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the three platforms say of a job or pod: the claims of their real tokens.
final class DemoTokens {

    /// Who tokens are for: the demo's bridge.
    static final String AUDIENCE = "https://tollbridge.demo.example";

    private DemoTokens() {}

    /// A run of `acme/payments` on its main branch.
    static Map<String, @Nullable Object> gitHubRun(String issuer, Instant now) {
        Map<String, @Nullable Object> claims =
                common(
                        issuer,
                        "repo:acme/payments:environment:production",
                        now,
                        Duration.ofMinutes(5));
        claims.put("repository", "acme/payments");
        claims.put("repository_id", "2002");
        claims.put("repository_owner", "acme");
        claims.put("repository_owner_id", "1001");
        claims.put("repository_visibility", "private");
        claims.put("environment", "production");
        claims.put("event_name", "push");
        claims.put("ref", "refs/heads/main");
        claims.put("ref_type", "branch");
        claims.put("ref_protected", "true");
        claims.put("base_ref", "");
        claims.put("head_ref", "");
        claims.put("actor", "jane");
        claims.put("actor_id", "583231");
        claims.put("run_id", "30001");
        claims.put("run_number", "7");
        claims.put("run_attempt", "1");
        claims.put("runner_environment", "self-hosted");
        claims.put("workflow", "deploy");
        claims.put(
                "job_workflow_ref", "acme/payments/.github/workflows/deploy.yml@refs/heads/main");
        return claims;
    }

    /// The same repository, but code from a pull request that nobody has merged.
    static Map<String, @Nullable Object> gitHubPullRequest(String issuer, Instant now) {
        Map<String, @Nullable Object> claims = gitHubRun(issuer, now);
        claims.put("event_name", "pull_request");
        claims.put("ref", "refs/pull/41/merge");
        claims.put("ref_protected", "false");
        claims.put("head_ref", "improve-readme");
        claims.put("base_ref", "main");
        claims.put("actor", "mallory");
        claims.put("actor_id", "666");
        claims.put("run_id", "30002");
        return claims;
    }

    /// A pipeline of `acme/payments` on its protected main branch.
    static Map<String, @Nullable Object> gitLabJob(String issuer, Instant now) {
        Map<String, @Nullable Object> claims =
                common(
                        issuer,
                        "project_path:acme/payments:ref_type:branch:ref:main",
                        now,
                        Duration.ofHours(1));
        claims.put("namespace_id", "72");
        claims.put("namespace_path", "acme");
        claims.put("project_id", "20");
        claims.put("project_path", "acme/payments");
        claims.put("job_project_id", "20");
        claims.put("job_project_path", "acme/payments");
        claims.put("job_namespace_id", "72");
        claims.put("job_namespace_path", "acme");
        claims.put("user_id", "1");
        claims.put("user_login", "jane");
        claims.put("pipeline_id", "574");
        claims.put("pipeline_source", "push");
        claims.put("job_id", "302");
        claims.put("ref", "main");
        claims.put("ref_path", "refs/heads/main");
        claims.put("ref_type", "branch");
        claims.put("ref_protected", "true");
        claims.put("runner_id", 1);
        claims.put("runner_environment", "self-hosted");
        claims.put("sha", "0c3aab1f5b1c4f1e9d3e1c7b4a6f8e2d1b0a9c8d");
        return claims;
    }

    /// A merge request from a fork: it runs in the project, on the code of the fork.
    static Map<String, @Nullable Object> gitLabFork(String issuer, Instant now) {
        Map<String, @Nullable Object> claims = gitLabJob(issuer, now);
        claims.put("sub", "project_path:mallory/payments:ref_type:branch:ref:main");
        claims.put("namespace_id", "666");
        claims.put("namespace_path", "mallory");
        claims.put("project_id", "667");
        claims.put("project_path", "mallory/payments");
        claims.put("pipeline_source", "merge_request_event");
        claims.put("user_id", "666");
        claims.put("user_login", "mallory");
        return claims;
    }

    /// A pod's projected service-account token.
    static Map<String, @Nullable Object> pod(String issuer, Instant now) {
        Map<String, @Nullable Object> claims =
                common(
                        issuer,
                        "system:serviceaccount:payments:deployer",
                        now,
                        Duration.ofMinutes(10));
        claims.put("aud", List.of(AUDIENCE));
        claims.put(
                "kubernetes.io",
                Map.of(
                        "namespace",
                        "payments",
                        "serviceaccount",
                        Map.of("name", "deployer", "uid", "aaaaaaaa-0000-4000-8000-000000000061"),
                        "pod",
                        Map.of(
                                "name",
                                "deployer-7c9f",
                                "uid",
                                "aaaaaaaa-0000-4000-8000-000000000062"),
                        "node",
                        Map.of("name", "node-1", "uid", "aaaaaaaa-0000-4000-8000-000000000063")));
        return claims;
    }

    private static Map<String, @Nullable Object> common(
            String issuer, String subject, Instant now, Duration life) {
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", AUDIENCE);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(life).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return claims;
    }

    /// What the record names a token by: the first 128 bits of its signing input's SHA-256.
    static String fingerprint(Secret token) {
        String text = token.reveal();
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    text.substring(0, text.lastIndexOf('.'))
                                            .getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
