package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `webhook` refuses before it starts, and what it prints instead of starting.
class WebhookUsageTest {

    private static final String ENFORCED =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: AdmissionSettings
            metadata: {name: settings}
            spec:
              default: audit
              namespaces: [{name: payments, mode: enforce}]
            """;

    @TempDir Path folder;

    private static Ran webhook(String... options) {
        List<String> arguments = new ArrayList<>(List.of("webhook"));
        arguments.addAll(List.of(options));
        return Commands.run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "--listen 10250, --listen",
        "--no-cluster --management 8081, --management",
        "--no-cluster --tls-cert x, --tls-cert and --tls-key go together",
        "--no-cluster --tls-key x, --tls-cert and --tls-key go together",
        "--listen 127.0.0.1:0, there is no cluster around this process",
        "--kubeconfig x --sweep 0, --sweep is a number of minutes",
        "--kubeconfig x --service tollbridge, --service is NAMESPACE/NAME",
        "--kubeconfig x --service /webhook, --service is NAMESPACE/NAME",
        "--kubeconfig x --external-url http://webhook.example, --external-url is an https URL",
        "--kubeconfig x --ca /nowhere, --ca: /nowhere cannot be read",
        "--print-configuration --external-url ftp://x, --external-url is an https URL"
    })
    void isSaidWithTheOption(String options, String said) {
        Ran ran = webhook(options.split(" "));
        assertThat(ran.exit()).as(ran.err()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(said);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void settingsThatCannotBeUsedAreNamed() throws IOException {
        Path file =
                Files.writeString(folder.resolve("settings.yaml"), ENFORCED + "  defualt: off\n");
        Ran ran = webhook("--no-cluster", "--settings", file.toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("--settings: ", "defualt");
    }

    @Test
    void anAddressThatIsTakenIsSomethingThatIsNotAvailable() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran =
                    webhook(
                            "--no-cluster",
                            "--data",
                            folder.toString(),
                            "--listen",
                            "127.0.0.1:" + taken.getLocalPort(),
                            "--management",
                            "127.0.0.1:0");
            assertThat(ran.exit()).as(ran.err()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(ran.out()).isEmpty();
        }
    }

    @Test
    void printsTheConfigurationsThatTheSettingsAmountTo() throws IOException {
        Path file = Files.writeString(folder.resolve("settings.yaml"), ENFORCED);
        Path ca = Files.writeString(folder.resolve("ca.pem"), "an authority");
        JsonNode service =
                webhook(
                                "--print-configuration",
                                "--settings",
                                file.toString(),
                                "--ca",
                                ca.toString())
                        .json();
        assertThat(service.path("kind").asText()).isEqualTo("List");
        assertThat(service.toString())
                .contains("ValidatingWebhookConfiguration", "'payments'", "caBundle");
        String url =
                webhook(
                                "--print-configuration",
                                "--settings",
                                file.toString(),
                                "--external-url",
                                "https://webhook.acme.example/")
                        .json()
                        .toString();
        assertThat(url).contains("\"https://webhook.acme.example/validate\"");
    }

    @Test
    void printsTheBackstop() throws IOException {
        Path file = Files.writeString(folder.resolve("settings.yaml"), ENFORCED);
        JsonNode backstop =
                webhook("--print-backstop", "--no-cluster", "--settings", file.toString()).json();
        assertThat(backstop.toString())
                .contains(
                        "ValidatingAdmissionPolicy",
                        "ValidatingAdmissionPolicyBinding",
                        "payments");
    }
}
