package dev.tollbridge.bridge.demo;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stays up after the story: fresh tokens in files, and the lines to try them with.
final class KeptRunning {

    private final DemoStage stage;
    private final Story story;

    KeptRunning(DemoStage stage, Story story) {
        this.stage = stage;
        this.story = story;
    }

    void tell() {
        Path root = stage.folder().root();
        Path gitHub =
                fresh(
                        "github.jwt",
                        stage.gitHub(),
                        DemoTokens.gitHubRun(stage.gitHub().url(), Instant.now()));
        Path pull =
                fresh(
                        "github-pull-request.jwt",
                        stage.gitHub(),
                        DemoTokens.gitHubPullRequest(stage.gitHub().url(), Instant.now()));
        Path gitLab =
                fresh(
                        "gitlab.jwt",
                        stage.gitLab(),
                        DemoTokens.gitLabJob(stage.gitLab().url(), Instant.now()));
        Path pod =
                fresh(
                        "pod.jwt",
                        stage.kubernetes(),
                        DemoTokens.pod(stage.kubernetes().url(), Instant.now()));
        story.line("");
        story.heading("It stays up until you press Ctrl-C. Fresh tokens lie in " + root + ":");
        curl(gitHub, "deploy-api", "granted once, and refused as a replay after that");
        curl(pull, "deploy-api", "refused: not merged");
        curl(gitLab, "package-registry", "granted");
        curl(pod, "package-registry", "granted as often as you like, until the token ends");
        story.line("");
        story.line("# what the operator sees (copy a receipt from a refusal)");
        story.line("export TOLLBRIDGE_DATA=" + stage.folder().data());
        String management = " --management-url " + stage.management().text();
        story.line("./tollbridge issuances list" + management);
        story.line("./tollbridge receipt rct_..." + management);
        story.line("./tollbridge audit verify");
        story.line("");
        story.line("# the documents: edit them and see what changes");
        story.line("ls " + stage.folder().config());
    }

    private Path fresh(String name, DemoIssuer issuer, Map<String, @Nullable Object> claims) {
        return stage.folder().write(name, issuer.sign(claims));
    }

    private void curl(Path token, String target, String outcome) {
        story.line("");
        story.line("# " + outcome);
        story.line("curl -s " + stage.bridge().text() + "/token \\");
        story.line("  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\");
        story.line("  -d subject_token_type=urn:ietf:params:oauth:token-type:jwt \\");
        story.line("  --data-urlencode subject_token@" + token + " \\");
        story.line("  -d audience=" + target);
    }
}
