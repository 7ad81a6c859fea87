package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long AWS SDKs, which wait two seconds, wait at `GET /aws/{target}` for an STS that takes its
/// time. Not a test: what it prints depends on the machine. First argument: STS's milliseconds;
/// second: callers at once.
public final class AwsDoorMeasure {

    private static final String ISSUER = "https://ci.example";
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";
    private static final int EACH = 5;

    private AwsDoorMeasure() {}

    public static void main(String[] args) throws Exception {
        Duration sts = Duration.ofMillis(Long.parseLong(args[0]));
        int callers = Integer.parseInt(args[1]);
        CryptoProvider.install();
        TestIssuer issuer = TestIssuer.rsa();
        Path folder = Files.createTempDirectory("aws-door");
        Path config = Files.createDirectories(folder.resolve("config"));
        try (AwsEmulator aws = new AwsEmulator();
                HttpClient http = HttpClient.newHttpClient()) {
            Files.writeString(config.resolve("documents.yaml"), documents(issuer, aws));
            Process bridge = started(config, folder, aws);
            try {
                String url = ready(bridge);
                aws.trust(url + "/federation")
                        .with(Role.trusting(ROLE, "target:aws:deploy"))
                        .slow(sts);
                Callable<Long> ask = () -> asked(http, url, issuer);
                System.out.println("first: " + ask.call() + " ms");
                System.out.println("then:  " + times(callers, ask));
            } finally {
                bridge.destroy();
                bridge.waitFor();
            }
        }
    }

    /// The bridge as people start it: in a process of its own, with the launcher's flags.
    private static Process started(Path config, Path folder, AwsEmulator aws) throws IOException {
        return new ProcessBuilder(
                        "../tollbridge",
                        "serve",
                        "--config",
                        config.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--management",
                        "127.0.0.1:0",
                        "--allow-endpoint",
                        aws.url())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String ready(Process bridge) throws IOException {
        String line = bridge.inputReader().readLine();
        System.out.println(line);
        Matcher url = Pattern.compile("url=(\\S+)").matcher(String.valueOf(line));
        if (!url.find()) {
            throw new IllegalStateException("the bridge did not start");
        }
        return url.group(1);
    }

    private static String times(int callers, Callable<Long> ask) throws Exception {
        List<Long> times = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < EACH; round++) {
                for (Future<Long> each :
                        threads.invokeAll(java.util.Collections.nCopies(callers, ask))) {
                    times.add(each.get());
                }
            }
        }
        times.sort(Long::compare);
        return times.size()
                + " requests, "
                + callers
                + " at once: median "
                + times.get(times.size() / 2)
                + " ms, longest "
                + times.getLast()
                + " ms";
    }

    private static long asked(HttpClient http, String bridge, TestIssuer issuer) throws Exception {
        String token =
                issuer.sign(
                        Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                                .claim("jti", UUID.randomUUID().toString())
                                .claim("exp", Instant.now().plusSeconds(3600).getEpochSecond()),
                        "key-1");
        long started = System.nanoTime();
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(bridge + "/aws/deploy"))
                                .header("Authorization", token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        long took = millis(started);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return took;
    }

    private static long millis(long since) {
        return (System.nanoTime() - since) / 1_000_000;
    }

    private static String documents(TestIssuer issuer, AwsEmulator aws) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec: {issuer: "%s", audience: "%s", keys: {inline: %s}}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: deploy}
        spec:
          owner: team@acme.example
          aws: {roleArn: "%s", region: eu-west-1, stsEndpoint: "%s"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: deploy}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow: [{target: deploy, ttl: 15m}]
        """
                .formatted(ISSUER, AUDIENCE, issuer.jwks(), ROLE, aws.url());
    }
}
