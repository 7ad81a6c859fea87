package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.PlainJobs;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long AWS SDKs, which wait two seconds, wait at `GET /aws/{target}` for an STS that takes its
/// time: the first caller of each fresh bridge, who asks the moment it is ready, and many at once.
/// Not a test: what it prints depends on the machine. First argument: STS's milliseconds; second:
/// callers at once; third: how many bridges.
public final class AwsDoorMeasure {

    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";
    private static final int EACH = 5;

    private final Duration sts;
    private final int callers;
    private final PlainJobs jobs = new PlainJobs();

    private AwsDoorMeasure(Duration sts, int callers) {
        this.sts = sts;
        this.callers = callers;
    }

    public static void main(String[] args) throws Exception {
        CryptoProvider.install();
        AwsDoorMeasure measure =
                new AwsDoorMeasure(
                        Duration.ofMillis(Long.parseLong(args[0])), Integer.parseInt(args[1]));
        int bridges = Integer.parseInt(args[2]);
        try (AwsEmulator aws = new AwsEmulator();
                HttpClient http = HttpClient.newHttpClient()) {
            System.out.println("not counted, so that this process and STS have run once:");
            measure.bridge(aws, http, false);
            for (int each = 1; each <= bridges; each++) {
                measure.bridge(aws, http, each == bridges);
            }
        }
    }

    private void bridge(AwsEmulator aws, HttpClient http, boolean loaded) throws Exception {
        Path folder = Files.createTempDirectory("aws-door");
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("documents.yaml"), documents(jobs, aws));
        Process bridge = started(config, folder, aws);
        try {
            String url = ready(bridge);
            aws.trust(url + "/federation").with(Role.trusting(ROLE, "target:aws:deploy")).slow(sts);
            Callable<Long> ask = () -> asked(http, url, jobs.token(Duration.ofHours(1)));
            System.out.println("first: " + ask.call() + " ms, second: " + ask.call() + " ms");
            if (loaded) {
                System.out.println("then:  " + times(callers, ask));
            }
        } finally {
            bridge.destroy();
            bridge.waitFor();
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

    private static long asked(HttpClient http, String bridge, String token) throws Exception {
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

    private static String documents(PlainJobs jobs, AwsEmulator aws) {
        return jobs.trusted()
                + """
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
                        .formatted(ROLE, aws.url());
    }
}
