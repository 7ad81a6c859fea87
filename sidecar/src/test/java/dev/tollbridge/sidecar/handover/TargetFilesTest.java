package dev.tollbridge.sidecar.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.sidecar.Credential;
import dev.tollbridge.sidecar.Credential.Form;
import dev.tollbridge.sidecar.Handover;
import dev.tollbridge.sidecar.Json;
import dev.tollbridge.sidecar.handover.TargetFiles.Cluster;
import dev.tollbridge.sidecar.handover.TargetFiles.LocalEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files for tools")
class TargetFilesTest {

    private static final String EXPIRES = "2026-11-21T10:20:00Z";

    @TempDir private Path folder;

    private TargetFiles files() {
        return new TargetFiles(
                folder.resolve("target"),
                new Cluster("https://cluster.example", null),
                folder.resolve("changed"),
                new LocalEndpoint("http://127.0.0.1:9911", folder.resolve("bearer")));
    }

    private static Credential credential(Form form, String value) {
        return new Credential(value, form, EXPIRES, 600, "", "iss_1", "rvk_1");
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve("target").resolve(name));
    }

    @Test
    void aTokenIsAFileThatItsGroupReadsAndNobodyWrites() throws Exception {
        files().of(credential(Form.TOKEN, "a.b.c"));
        files().of(credential(Form.TOKEN, "d.e.f"));
        assertThat(read("token")).isEqualTo("d.e.f");
        assertThat(Json.object(read("credentials.json"))).containsEntry("expires_at", EXPIRES);
        try (Stream<Path> made = Files.list(folder.resolve("target"))) {
            for (Path file : made.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("r--r-----");
                assertThat(file.getFileName().toString()).doesNotEndWith(".new");
            }
        }
        assertThat(folder.resolve("changed")).exists();
    }

    @Test
    void awsToolsGetTheirOwnTwoForms() throws Exception {
        files().of(
                        credential(
                                Form.AWS,
                                """
                                {"AccessKeyId":"ASIA1","SecretAccessKey":"a/b+c","Token":"t==","Expiration":"%s"}
                                """
                                        .formatted(EXPIRES)));
        assertThat(read("aws-credentials"))
                .isEqualTo(
                        """
                        [default]
                        aws_access_key_id = ASIA1
                        aws_secret_access_key = a/b+c
                        aws_session_token = t==
                        """);
        assertThat(Json.object(read("credentials.json")))
                .containsEntry("Version", 1L)
                .containsEntry("SessionToken", "t==");
    }

    @Test
    void aKeyCannotWriteASettingOfItsOwn() {
        assertThatThrownBy(() ->
                        files().of(
                                        credential(
                                                Form.AWS,
                                                "{\"AccessKeyId\":\"A\\ncredential_process = x\","
                                                        + "\"SecretAccessKey\":\"s\",\"Token\":\"t\"}")))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("target/aws-credentials")).doesNotExist();
    }

    @Test
    void kubectlGetsAConfigurationThatPrintsTheFile() throws Exception {
        String exec =
                """
                {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"k.k.k","expirationTimestamp":"%s"}}\
                """
                        .formatted(EXPIRES);
        files().of(credential(Form.KUBERNETES, exec));
        assertThat(read("token")).isEqualTo("k.k.k");
        assertThat(read("credentials.json")).isEqualTo(exec);
        Map<String, Object> config = Map.copyOf(Json.object(read("kubeconfig")));
        assertThat(config).containsEntry("current-context", "tollbridge");
        assertThat(String.valueOf(config.get("users")))
                .contains("command=cat", folder.resolve("target/credentials.json").toString());
    }

    @Test
    void anotherKindLeavesNothingOfTheLastAndTheEndLeavesNothing() throws Exception {
        files().of(
                        credential(
                                Form.AWS,
                                "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Token\":\"t\"}"));
        files().of(credential(Form.TOKEN, "a.b.c"));
        assertThat(folder.resolve("target/aws-credentials")).doesNotExist();
        files().of(null);
        assertThat(folder.resolve("target")).isEmptyDirectory();
    }

    @Test
    void aTokensFileIsOneThatGooglesLibrariesRead() throws Exception {
        files().of(credential(Form.TOKEN, "a.b.c"));
        assertThat(Json.object(read("credentials.json")))
                .containsEntry("type", "external_account")
                .containsEntry("audience", "target")
                .containsEntry("token_url", "http://127.0.0.1:9911/token")
                .containsEntry(
                        "credential_source", Map.of("file", folder.resolve("bearer").toString()));
    }

    @Test
    void whatAKilledRunHadGotIsKnownToTheNext() throws Exception {
        for (Credential left :
                new Credential[] {
                    credential(Form.TOKEN, "a.b.c"),
                    credential(
                            Form.AWS,
                            "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Token\":\"t\"}"),
                    credential(
                            Form.KUBERNETES,
                            "{\"status\":{\"token\":\"k\",\"expirationTimestamp\":\""
                                    + EXPIRES
                                    + "\"}}")
                }) {
            files().of(left);
            Files.writeString(folder.resolve("target/.kubeconfig.new"), "half");
            assertThat(files().takeOver())
                    .isEqualTo(new Handover.Left(Instant.parse(EXPIRES), "rvk_1"));
            assertThat(folder.resolve("target/.kubeconfig.new")).doesNotExist();
        }
    }

    @Test
    void whatCannotBeToldToBeValidIsTakenAway() throws Exception {
        files().of(credential(Form.TOKEN, "a.b.c"));
        Files.delete(folder.resolve("target/credentials.json"));
        Files.writeString(folder.resolve("target/credentials.json"), "{\"expires_at\":\"soon\"}");
        assertThat(files().takeOver()).isNull();
        assertThat(folder.resolve("target")).isEmptyDirectory();
    }

    @Test
    void whatAKilledRunLeftBehindIsNoObstacle() throws Exception {
        Files.createDirectories(folder.resolve("target"));
        Files.writeString(folder.resolve("target/.token.new"), "half");
        files().of(credential(Form.TOKEN, "a.b.c"));
        assertThat(read("token")).isEqualTo("a.b.c");
        assertThat(folder.resolve("target/.token.new")).doesNotExist();
    }
}
