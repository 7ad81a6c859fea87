package dev.tollbridge.bridge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.bridge.admission.AdmissionRules;
import dev.tollbridge.bridge.admission.SettingsFile;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.client.HttpAnswer;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/// An admission webhook that enforces in one namespace, and what an API server would post to it.
final class DemoWebhook {

    /// Where it enforces.
    static final String NAMESPACE = "payments";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String SETTINGS =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: AdmissionSettings
            metadata: {name: default}
            spec:
              namespaces: [{name: payments, mode: enforce}]
              inject:
                url: https://tollbridge.acme.example
                audience: https://tollbridge.acme.example
                targets: [{name: deploy-api, kind: jwt}]
            """;

    private final Webhook webhook;
    private final Http http;

    private DemoWebhook(Webhook webhook, Http http) {
        this.webhook = webhook;
        this.http = http;
    }

    static DemoWebhook set(DemoProps props, DemoFolder folder) throws IOException {
        Path file = folder.write("admission.yaml", SETTINGS);
        SettingsFile.Read read = new SettingsFile(file, InstantSource.system()).read();
        Path data = folder.root().resolve("webhook");
        ListenAt anyPort = new ListenAt("127.0.0.1", 0);
        Webhook webhook =
                props.opened(
                        Webhook.start(
                                new WebhookOptions(
                                        anyPort,
                                        anyPort,
                                        null,
                                        null,
                                        data,
                                        Limits.DEFAULT,
                                        StandardDetectors::shipped,
                                        null),
                                AdmissionRules.of(read.documents(), null)));
        Http http = props.opened(Http.trusting(data.resolve("webhook-ca.crt")));
        return new DemoWebhook(webhook, http);
    }

    String url() {
        return webhook.url();
    }

    /// @param path `/validate` or `/mutate`
    /// @return the `response` of the answering review
    JsonNode create(String path, ObjectNode object) {
        ObjectNode review = MAPPER.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request").put("uid", "demo");
        request.putObject("kind")
                .put("group", "")
                .put("version", "v1")
                .set("kind", object.path("kind"));
        request.put("operation", "CREATE").put("namespace", NAMESPACE);
        request.set("name", object.path("metadata").path("name"));
        request.putObject("userInfo").put("username", "ann@acme.example");
        request.set("object", object);
        HttpAnswer answer =
                http.postJson(
                        URI.create(webhook.url() + path), Secret.of(review.toString()), Map.of());
        return MAPPER.<ObjectNode>valueToTree(answer.json()).path("response");
    }

    /// A Secret that somebody made of the file that a login on a laptop left.
    static ObjectNode copiedLogin() {
        ObjectNode secret = object("Secret", "deploy-login");
        secret.putObject("stringData").put("aws-sso.json", login());
        return secret;
    }

    private static String login() {
        try (InputStream file =
                Objects.requireNonNull(
                        DemoWebhook.class.getResourceAsStream("device-code-login.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a resource cannot be read", e);
        }
    }

    /// A pod that mounts it.
    static ObjectNode podWithLogin() {
        ObjectNode pod = pod();
        pod.withObject("/spec")
                .putArray("volumes")
                .addObject()
                .put("name", "login")
                .putObject("secret")
                .put("secretName", "deploy-login");
        return pod;
    }

    /// A pod that asks for a target by its name.
    static ObjectNode podThatAsks() {
        ObjectNode pod = pod();
        ObjectNode metadata = pod.withObject("/metadata");
        metadata.putObject("labels").put("tollbridge.dev/inject", "true");
        metadata.putObject("annotations").put("tollbridge.dev/targets", "deploy-api");
        return pod;
    }

    private static ObjectNode pod() {
        ObjectNode pod = object("Pod", "deploy");
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "app")
                .put("image", "app");
        return pod;
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        return object;
    }
}
