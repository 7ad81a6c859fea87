package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sidecar of a {@link PodWorld}, started again on the same port and in the same folder by each
/// {@link #start}, as kubelet does with a container that ended.
final class PodProcess implements AutoCloseable {

    private static final Pattern READY =
            Pattern.compile("ready url=(\\S+) health=(\\S+) in=[0-9.]+s");

    final Path folder;
    final Path log;
    private final PodWorld world;
    private final HttpClient http = HttpClient.newHttpClient();
    private int port;
    private String health = "";
    private Process process;
    private BufferedReader out;

    PodProcess(PodWorld world, Path folder, Path log) throws Exception {
        this.world = world;
        this.folder = folder;
        this.log = Files.createFile(log);
        launch();
    }

    void start() throws Exception {
        launch();
    }

    private void launch() throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx24m",
                                "-cp",
                                classes(SteppedSidecar.class)
                                        + ":"
                                        + classes(dev.tollbridge.sidecar.Main.class),
                                SteppedSidecar.class.getName(),
                                world.clock.instant().toString(),
                                Integer.toString(PodWorld.TARGETS.size())));
        command.addAll(
                List.of(
                        "--url=" + world.url(),
                        "--token-file=" + world.tokenFile,
                        "--target=" + String.join(",", PodWorld.TARGETS),
                        "--dir=" + folder,
                        "--listen=127.0.0.1:" + port,
                        "--health=127.0.0.1:0",
                        "--cluster-server=" + world.cluster.url(),
                        "--cluster-ca=" + world.authority));
        process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        out = process.inputReader(UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        assertThat(ready.matches()).as(line + Files.readString(log)).isTrue();
        port = URI.create(ready.group(1)).getPort();
        health = ready.group(2);
    }

    private static String classes(Class<?> of) throws Exception {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    Process process() {
        return process;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port + "/aws/deploy";
    }

    /// Returns when all that was due by then has been done.
    void go(Duration by) throws IOException {
        say("go " + by.toSeconds());
        answered(by);
    }

    /// Of the calendar alone.
    void jump(Duration by) throws IOException {
        say("jump " + by.toSeconds());
        answered(by);
    }

    /// Does not wait.
    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    private void answered(Duration by) throws IOException {
        assertThat(out.readLine()).as(Files.readString(log)).isEqualTo("at " + by.toSeconds());
    }

    /// `200`, or why not, target by target.
    String ready() throws Exception {
        HttpResponse<String> answer = get(health + "/readyz", "");
        return answer.statusCode() == 200 ? "200" : answer.body();
    }

    String metrics() throws Exception {
        return get(health + "/metrics", "").body();
    }

    /// What AWS's SDKs are answered.
    HttpResponse<String> aws() throws Exception {
        return get(endpoint(), Files.readString(folder.resolve("bearer")));
    }

    private HttpResponse<String> get(String url, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// As the kernel does when memory is short: at any moment, without a word.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }
}
