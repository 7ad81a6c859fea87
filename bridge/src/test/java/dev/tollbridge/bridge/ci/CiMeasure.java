package dev.tollbridge.bridge.ci;

import dev.tollbridge.bridge.ci.Runner.Ran;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// What the GitHub action with three targets (AWS, two JWTs) adds to a job, and the plain client to
/// `curl`, against a bridge of this machine that has been asked before. Not a test: what it prints
/// depends on the machine.
public final class CiMeasure {

    private static final int TIMES = 15;
    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";

    private CiMeasure() {}

    public static void main(String[] args) throws Exception {
        CryptoProvider.install();
        Path folder = Files.createTempDirectory("ci-measure");
        try (AwsEmulator aws = new AwsEmulator()) {
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("all.yaml"), documents(aws));
            try (GitHubWorld world = new GitHubWorld(folder, config, List.of(aws.url()))) {
                aws.trust(world.bridge.url() + "/federation")
                        .with(Role.trusting(ROLE, "target:aws:deploy"));
                action(world, folder);
                client(world, folder);
            }
        }
    }

    private static void action(GitHubWorld world, Path folder) throws Exception {
        List<Long> mains = new ArrayList<>();
        List<Long> posts = new ArrayList<>();
        for (int i = 0; i < TIMES + 3; i++) {
            Runner runner = new Runner(folder.resolve("job-" + i), world.allowed());
            long before = System.nanoTime();
            Ran main =
                    runner.main(
                            Map.of(
                                    "url",
                                    world.bridge.url(),
                                    "audience",
                                    GitHubWorld.AUDIENCE,
                                    "targets",
                                    "deploy\napi\ncluster as kube"));
            long between = System.nanoTime();
            Ran post = runner.post(main);
            long after = System.nanoTime();
            if (main.exit() != 0 || !post.shown().contains("revoked 3 of 3")) {
                throw new IllegalStateException(main.shown() + post.shown());
            }
            if (i >= 3) {
                mains.add((between - before) / 1_000_000);
                posts.add((after - between) / 1_000_000);
            }
        }
        print("action, main, three targets", mains);
        print("action, post, three targets", posts);
    }

    private static void client(GitHubWorld world, Path folder) throws Exception {
        Path script = Path.of("..", "ci-templates", "sh", "tollbridge-exchange.sh");
        Map<String, String> job = world.allowed();
        job.put("CURL_CA_BUNDLE", world.authority.toString());
        for (String shell : List.of("dash", "busybox", "bash")) {
            List<Long> alone = new ArrayList<>();
            List<Long> whole = new ArrayList<>();
            for (int i = 0; i < TIMES + 2; i++) {
                Path token = Files.writeString(folder.resolve("token"), token(world, job));
                long curl =
                        timed(() ->
                                run(
                                        List.of(
                                                "curl",
                                                "-s",
                                                "-o",
                                                "/dev/null",
                                                "--data-urlencode",
                                                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
                                                "--data-urlencode",
                                                "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
                                                "--data-urlencode",
                                                "subject_token@" + token,
                                                "--data-urlencode",
                                                "audience=api",
                                                world.bridge.url() + "/token"),
                                        job));
                Files.writeString(token, token(world, job));
                List<String> command = new ArrayList<>(List.of(shell));
                if (shell.equals("busybox")) {
                    command.add("sh");
                }
                command.addAll(
                        List.of(
                                script.toString(),
                                "--url",
                                world.bridge.url(),
                                "--target",
                                "api",
                                "--token-file",
                                token.toString()));
                long client = timed(() -> run(command, job));
                if (i >= 2) {
                    alone.add(curl);
                    whole.add(client - curl);
                }
            }
            print("curl alone", alone);
            print("plain client in " + shell + ", beside curl", whole);
        }
    }

    private static String token(GitHubWorld world, Map<String, String> job) throws Exception {
        run(
                List.of(
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-H",
                        "Authorization: bearer " + GitHubWorld.REQUEST_TOKEN,
                        job.get("ACTIONS_ID_TOKEN_REQUEST_URL")
                                + "&audience="
                                + GitHubWorld.AUDIENCE),
                job);
        return world.tokens().getLast();
    }

    private static int run(List<String> command, Map<String, String> job) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(job);
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(command.getFirst() + " ended with " + exit);
        }
        return exit;
    }

    private static long timed(Callable<?> what) throws Exception {
        long before = System.nanoTime();
        what.call();
        return (System.nanoTime() - before) / 1_000_000;
    }

    private static void print(String what, List<Long> times) {
        Collections.sort(times);
        System.out.printf(
                "%s: median %d ms, slowest of %d %d ms%n",
                what, times.get(times.size() / 2), times.size(), times.getLast());
    }

    private static String documents(AwsEmulator aws) throws Exception {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: github}
        spec: {preset: github-actions, audience: "%s", keys: {inline: %s}}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: deploy}
        spec:
          owner: team@acme.example
          aws: {roleArn: "%s", region: eu-west-1, stsEndpoint: "%s"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: api}
        spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: cluster}
        spec: {owner: team@acme.example, jwt: {audience: "https://cluster.acme.example"}}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: main-branch}
        spec:
          owner: team@acme.example
          issuer: github
          match: {repository_id: "%s", repository_owner_id: "%s"}
          condition: claims.ref == 'refs/heads/main' && claims.event_name == 'push'
          allow: [{target: deploy, ttl: 15m}, {target: api, ttl: 10m}, {target: cluster, ttl: 10m}]
        """
                .formatted(
                        GitHubWorld.AUDIENCE,
                        GitHubWorld.jwks(),
                        ROLE,
                        aws.url(),
                        GitHubWorld.claim("repository_id"),
                        GitHubWorld.claim("repository_owner_id"));
    }
}
