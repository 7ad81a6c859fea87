package dev.tollbridge.bridge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// What the webhook does: refuses a login that was copied into the cluster, and gives the pod what
/// it needs instead.
final class AdmissionStory {

    private static final int ALL_LINES = 24;

    private final DemoWebhook webhook;
    private final Story story;

    AdmissionStory(DemoWebhook webhook, Story story) {
        this.webhook = webhook;
        this.story = story;
    }

    void copiedLogin() {
        story.step("Somebody copies a device-code login from a laptop into the cluster: refused");
        story.member("the webhook", webhook.url() + "  (asked by the cluster's API server)");
        story.sends("a Secret that holds what a login with a device code left");
        refusedAdmission(webhook.create("/validate", DemoWebhook.copiedLogin()), ALL_LINES);
        story.sends("a pod that mounts that Secret");
        refusedAdmission(webhook.create("/validate", DemoWebhook.podWithLogin()), 3);
    }

    /// @param most lines of the refusal that are told
    private void refusedAdmission(JsonNode response, int most) {
        story.check(!response.path("allowed").asBoolean(true), "the webhook refuses it");
        List<String> lines = response.path("status").path("message").asText().lines().toList();
        story.check(lines.size() > 3, "the refusal says what to do");
        story.refuses(lines.getFirst());
        lines.stream().skip(1).limit(most).forEach(line -> story.line("        " + line));
    }

    void podThatAsks() {
        story.step("The pod asks for a credential of its own instead");
        story.say("Two lines of metadata, and no secret:");
        story.member("label", "tollbridge.dev/inject: \"true\"");
        story.member("annotation", "tollbridge.dev/targets: deploy-api");
        JsonNode response = webhook.create("/mutate", DemoWebhook.podThatAsks());
        String patch =
                new String(
                        Base64.getDecoder().decode(response.path("patch").asText()),
                        StandardCharsets.UTF_8);
        story.check(patch.contains("serviceAccountToken"), "a token is projected into the pod");
        story.check(patch.contains("TOLLBRIDGE_URL"), "the pod is told where the bridge is");
        story.comes(
                "it is given a token for the bridge that the kubelet renews, TOLLBRIDGE_URL and");
        story.say("   TOLLBRIDGE_TOKEN_FILE; step 7 is what it does with them");
    }
}
