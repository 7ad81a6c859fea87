import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What an API server asks a webhook in its first minutes, for the moment in which the webhook's
/// start-up cache is made: pods, and Secrets with and without a login.
///
/// Writes its settings (`settings.yaml`) and its certificate (`webhook.pem`, `webhook.key`) into the
/// folder given, says `prepared`, waits for the webhook's URL in `webhook`, asks, and ends.
class WebhookTraining {

    private static final int ROUNDS = 400;

    private final HttpClient http;
    private final String webhook;

    private WebhookTraining(HttpClient http, String webhook) {
        this.http = http;
        this.webhook = webhook;
    }

    public static void main(String[] arguments) throws Exception {
        Training training = new Training(Path.of(arguments[0]));
        KeyStore keys = training.certificate("webhook");
        Files.writeString(training.folder().resolve("webhook.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(
                                keys.getKey("webhook", Training.PASSWORD.toCharArray()).getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(training.folder().resolve("settings.yaml"), """
                apiVersion: tollbridge.dev/v1alpha1
                kind: AdmissionSettings
                metadata: {name: default}
                spec: {default: enforce, uninspectable: warn}
                """);
        training.said("prepared", "yes");
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry("webhook", keys.getCertificate("webhook"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(believed);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        new WebhookTraining(HttpClient.newBuilder().sslContext(tls).build(), training.awaited("webhook")).ask();
        System.exit(0);
    }

    private void ask() throws Exception {
        String text = "setting: the value of this environment # and why\n".repeat(4000);
        String login = "{\"type\":\"authorized_user\",\"client_id\":\"764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur"
                + ".apps.googleusercontent.com\",\"client_secret\":\"d-" + UUID.randomUUID()
                + "\",\"refresh_token\":\"1//0" + UUID.randomUUID() + UUID.randomUUID() + "\"}";
        for (int round = 0; round < ROUNDS; round++) {
            String pod = pod(round);
            send("/mutate", review("Pod", pod));
            send("/validate", review("Pod", pod));
            if (round % 20 == 0) {
                send("/validate", review("Secret", secret("settings", text)));
                send("/validate", review("Secret", secret("login", login)));
            }
        }
    }

    private static String pod(int number) {
        StringBuilder variables = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            variables.append("{\"name\":\"SETTING_").append(i).append("\",\"value\":\"")
                    .append(i % 4 == 0 ? UUID.randomUUID() : "https://service-" + i + ".example/api").append("\"},");
        }
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"service-%1$d","namespace":"team","labels":{"app":"a"}},
                "spec":{"serviceAccountName":"service","containers":[{"name":"service","image":"registry.example/a:1",
                "command":["/app/service","--config=/etc/config/app.yaml"],"env":[%2$s
                {"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"database","key":"password"}}}],
                "volumeMounts":[{"name":"config","mountPath":"/etc/config"}],
                "securityContext":{"allowPrivilegeEscalation":false}}],
                "volumes":[{"name":"config","configMap":{"name":"a"}},{"name":"tls","secret":{"secretName":"tls-%1$d"}}]}}"""
                .formatted(number, variables);
    }

    private static String secret(String name, String value) {
        return """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"team"},"data":{"value":"%s"}}"""
                .formatted(name, Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
    }

    private static String review(String kind, String object) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s",
                "kind":{"group":"","version":"v1","kind":"%s"},"operation":"CREATE","namespace":"team",
                "userInfo":{"username":"system:serviceaccount:kube-system:replicaset-controller"},
                "object":%s,"oldObject":null}}""".formatted(UUID.randomUUID(), kind, object);
    }

    private void send(String path, String review) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(webhook + path)).header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(review)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            // What is not trained is not as fast, and works.
            System.err.println(answer.statusCode() + " " + answer.body());
        }
    }
}
