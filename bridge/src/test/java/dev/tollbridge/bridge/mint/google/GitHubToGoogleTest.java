package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.ci.Runner;
import dev.tollbridge.bridge.ci.Runner.Ran;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ci-templates/github` with `as google`: Google's own library runs the action's helper as its
/// executable source, and shows what it prints to the bridge.
@DisplayName("The GitHub action and Google's library")
class GitHubToGoogleTest {

    @TempDir private Path folder;

    @Test
    void theLibraryRunsTheHelperAndNothingIsStored() throws Exception {
        Vertx vertx = Vertx.vertx();
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        try (GoogleWorld world = new GoogleWorld(folder);
                HttpsIssuerServer github = HttpsIssuerServer.start(vertx, ca)) {
            github.on(
                    "/token-service",
                    request ->
                            request.response()
                                    .putHeader("content-type", "application/json")
                                    .end("{\"value\":\"" + world.token() + "\"}"));
            Runner runner =
                    new Runner(
                            folder.resolve("job"),
                            Map.of(
                                    "ACTIONS_ID_TOKEN_REQUEST_URL",
                                    github.url("/token-service?api-version=2.0"),
                                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                                    "request-token-of-this-job",
                                    "NODE_EXTRA_CA_CERTS",
                                    Files.writeString(
                                                    folder.resolve("github.pem"),
                                                    ca.certificatePem())
                                            .toString(),
                                    "REQUESTS_CA_BUNDLE",
                                    world.caFile.toString()));
            Ran main =
                    runner.main(
                            Map.of(
                                    "url",
                                    world.bridge.url(),
                                    "audience",
                                    "https://tollbridge.acme.example",
                                    "ca-file",
                                    world.caFile.toString(),
                                    "targets",
                                    "gcp-deploy as google"));
            assertThat(main.exit()).as(main.shown()).isZero();
            String file =
                    String.valueOf(runner.environment().get("GOOGLE_APPLICATION_CREDENTIALS"));
            assertThat(Files.readString(Path.of(file))).doesNotContain("eyJ", "request-token");
            Ran asked =
                    runner.run(
                            List.of(
                                    PythonPackages.python(
                                                    "google-auth",
                                                    List.of(
                                                            "google-auth==2.62.2",
                                                            "requests==2.34.2"))
                                            .toString(),
                                    Path.of("src/test/resources/google/client.py")
                                            .toAbsolutePath()
                                            .toString(),
                                    file,
                                    GoogleWorld.PLATFORM,
                                    world.google.url() + "/storage/any"),
                            "");
            assertThat(asked.raw())
                    .contains("200 " + GoogleWorld.ACCOUNT + " " + GoogleWorld.PLATFORM);
            runner.post(main);
            assertThat(Path.of(file)).doesNotExist();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
