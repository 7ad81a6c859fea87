package dev.tollbridge.bench.scan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// What an API server of a busy cluster asks about.
final class ReviewBodies {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PODS = 200;

    private ReviewBodies() {}

    static List<byte[]> pods(Random random) {
        List<byte[]> pods = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            pods.add(pod(i, random));
        }
        return pods;
    }

    /// Of 1 MiB: noise, text, certificates.
    static List<byte[]> secrets(Random random) {
        return List.of(noise(random), text(random), bundle(random));
    }

    /// A pod as a Deployment of a company makes them: three containers, variables, mounts.
    private static byte[] pod(int number, Random random) {
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", "service-" + number).put("namespace", "team-" + number % 20);
        metadata.putObject("labels").put("app", "service-" + number).put("tier", "backend");
        metadata.putObject("annotations")
                .put("prometheus.io/scrape", "true")
                .put("checksum/config", hex(random, 32));
        ObjectNode spec = pod.putObject("spec");
        spec.put("serviceAccountName", "service-" + number);
        container(spec.withArray("/initContainers").addObject(), "migrate", 4, random);
        container(spec.withArray("/containers").addObject(), "service", 24, random);
        container(spec.withArray("/containers").addObject(), "proxy", 12, random);
        spec.withArray("/volumes").addObject().put("name", "tmp").putObject("emptyDir");
        spec.withArray("/volumes")
                .addObject()
                .put("name", "config")
                .putObject("configMap")
                .put("name", "service-" + number);
        spec.withArray("/volumes")
                .addObject()
                .put("name", "tls")
                .putObject("secret")
                .put("secretName", "tls-" + number % 50);
        return review(pod);
    }

    private static void container(ObjectNode container, String name, int variables, Random random) {
        container
                .put("name", name)
                .put("image", "registry.acme.example/" + name + ":1.2." + variables);
        container.withArray("/command").add("/app/" + name).add("--config=/etc/config/app.yaml");
        for (int i = 0; i < variables; i++) {
            container
                    .withArray("/env")
                    .addObject()
                    .put("name", "SETTING_" + i)
                    .put(
                            "value",
                            i % 4 == 0
                                    ? hex(random, 20)
                                    : "https://service-" + i + ".acme.example/api");
        }
        container
                .withArray("/env")
                .addObject()
                .put("name", "DATABASE_PASSWORD")
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", "database")
                .put("key", "password");
        container
                .withArray("/volumeMounts")
                .addObject()
                .put("name", "config")
                .put("mountPath", "/etc/config");
        container.putObject("resources").putObject("limits").put("memory", "512Mi").put("cpu", "1");
        container
                .putObject("livenessProbe")
                .putObject("httpGet")
                .put("path", "/healthz")
                .put("port", 8080);
        container.putObject("securityContext").put("allowPrivilegeEscalation", false);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 << 20];
        random.nextBytes(bytes);
        return secret(bytes);
    }

    private static byte[] text(Random random) {
        StringBuilder text = new StringBuilder("settings:\n");
        while (text.length() < 1 << 20) {
            text.append("  key")
                    .append(text.length())
                    .append(": ")
                    .append(hex(random, 12))
                    .append(" # the value of this environment\n");
        }
        return secret(text.substring(0, 1 << 20).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bundle(Random random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 1 << 20) {
            byte[] certificate = new byte[1200];
            random.nextBytes(certificate);
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(
                            Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(certificate))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return secret(text.substring(0, 1 << 20).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] secret(byte[] value) {
        ObjectNode secret = JSON.createObjectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "Opaque");
        secret.putObject("metadata").put("name", "large").put("namespace", "team-1");
        secret.putObject("data").put("value", Base64.getEncoder().encodeToString(value));
        return review(secret);
    }

    private static byte[] review(ObjectNode object) {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", "0f7e6a3a-0c5b-4c1e-9d3e-000000000001");
        request.putObject("kind")
                .put("group", "")
                .put("version", "v1")
                .put("kind", object.path("kind").asText());
        request.put("operation", "CREATE")
                .put("namespace", object.path("metadata").path("namespace").asText())
                .put("name", object.path("metadata").path("name").asText());
        request.putObject("userInfo")
                .put("username", "system:serviceaccount:kube-system:replicaset-controller");
        request.set("object", object);
        request.putNull("oldObject");
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(Random random, int bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            hex.append(Integer.toHexString(random.nextInt(16)))
                    .append(Integer.toHexString(random.nextInt(16)));
        }
        return hex.toString();
    }
}
