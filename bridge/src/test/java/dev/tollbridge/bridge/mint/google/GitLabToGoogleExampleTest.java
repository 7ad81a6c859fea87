package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.GitLabCiLocal;
import dev.tollbridge.bridge.testing.PipelineEngine;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.Tools;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/gitlab-to-google` as it is: the pipeline in an engine, the real `gcloud`, and a Google
/// Cloud of this machine that believes the bridge alone.
@DisplayName("A GitLab job and Google Cloud")
class GitLabToGoogleExampleTest {

    private static final Path EXAMPLE =
            Path.of("..", "examples", "gitlab-to-google").toAbsolutePath().normalize();
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ACCOUNT = "reports@acme.iam.gserviceaccount.com";

    @TempDir private Path folder;

    @Test
    void gcloudFindsTheTokenInAFileOfTheJob() throws Exception {
        Tools.present("gcloud", "https://cloud.google.com/sdk/docs/install");
        TestIssuer gitlab = TestIssuer.rsa();
        GoogleEmulator google = new GoogleEmulator(HttpClient.newHttpClient());
        List<String> keys = ExamplePolicy.keys(AUDIENCE, gitlab.jwks());
        Path config =
                ExamplePolicy.copy(
                        EXAMPLE,
                        folder.resolve("config"),
                        keys.get(0),
                        keys.get(1),
                        "    serviceAccount: ",
                        "    stsEndpoint: %s\n    iamEndpoint: %s\n    serviceAccount: "
                                .formatted(google.url(), google.url()));
        try (google;
                ServedBridge bridge =
                        new ServedBridge(
                                ServeSettings.local(config, folder.resolve("data"))
                                        .withEndpoints(
                                                AllowedEndpoints.of(
                                                        List.of(google.url()), null)))) {
            google.trust(
                    GoogleWorld.POOL + "/providers/gcp-reports",
                    bridge.url() + "/federation",
                    "target:google:gcp-reports");
            google.bind(GoogleWorld.principal("gcp-reports"), ACCOUNT);
            GitLabCiLocal pipeline =
                    new GitLabCiLocal(
                            Files.createDirectories(folder.resolve("job")),
                            List.of(),
                            Files.readString(EXAMPLE.resolve("pipeline.yml"))
                                    .replace(
                                            "component: $CI_SERVER_FQDN/acme/tollbridge/credentials@0.1.0",
                                            "local: templates/credentials.yml")
                                    .replace("url: " + AUDIENCE, "url: " + bridge.url()),
                            Map.of("report.sh", Files.readString(EXAMPLE.resolve("report.sh"))));
            String token =
                    gitlab.sign(
                            Tokens.gitlab(AUDIENCE, Instant.now())
                                    .claim("jti", UUID.randomUUID().toString()),
                            "key-1");
            PipelineEngine.Ran ran =
                    pipeline.run(
                            Map.of(
                                    "TOLLBRIDGE_ID_TOKEN",
                                    token,
                                    "STORAGE",
                                    google.url() + "/storage",
                                    "CLOUDSDK_CONFIG",
                                    folder.resolve("gcloud").toString(),
                                    "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING",
                                    "true",
                                    "CLOUDSDK_CORE_CHECK_GCE_METADATA",
                                    "false",
                                    "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK",
                                    "true"),
                            "report");
            assertThat(ran.exit()).as(ran.log()).isZero();
            assertThat(ran.log()).contains(ACCOUNT).contains("gcp-reports: revoked");
            assertThat(google.tokens()).isNotEmpty();
            assertThat(ran.log()).doesNotContain(google.tokens()).doesNotContain(token);
            assertThat(pipeline.parent()).isEmptyDirectory();
        }
    }
}
