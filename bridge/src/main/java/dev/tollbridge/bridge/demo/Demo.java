package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.ExchangeAnswer;
import dev.tollbridge.bridge.client.ExchangeAnswer.Issued;
import dev.tollbridge.bridge.client.ExchangeAnswer.Refused;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.client.HttpAnswer;
import dev.tollbridge.bridge.client.RefusedByBridge;
import dev.tollbridge.bridge.client.TokenAnswer;
import dev.tollbridge.bridge.client.TokenClient;
import dev.tollbridge.bridge.client.TokenClient.Wish;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The whole story, told step by step while it happens. Every step is checked: the story ends where
/// one does not come out as told.
public final class Demo {

    private static final Duration WAIT_FOR_RECORD = Duration.ofSeconds(5);

    private final DemoStage stage;
    private final Story story;
    private final Http http;
    private final BridgeUrl bridge;
    private final TokenClient tokens;

    public Demo(DemoStage stage, Story story) {
        this.stage = stage;
        this.story = story;
        this.http = stage.http();
        this.bridge = stage.bridge();
        this.tokens = new TokenClient(http, bridge, InstantSource.system());
    }

    /// @throws ToldOtherwise when a step does not come out as told
    public void tell() {
        scene();
        Secret used = gitHubRun();
        replay(used);
        pullRequest();
        severalTargets();
        fork();
        TokenAnswer last = pod();
        revocation(last);
        AdmissionStory admission = new AdmissionStory(stage.webhook(), story);
        admission.copiedLogin();
        admission.podThatAsks();
        new RecordStory(stage.folder().data().resolve("audit"), story).tell();
        next();
    }

    /// For `--keep`: how to try what stays up.
    public void keep() {
        new KeptRunning(stage, story).tell();
    }

    private void scene() {
        story.step("Three platforms and a bridge start on this machine");
        story.say("Jobs and pods already hold proof of what they are: a token that their platform");
        story.say("signs. Nobody typed a password, and nothing secret is stored anywhere.");
        story.member("a GitHub", stage.gitHub().url() + "  (" + stage.gitHub().keyType() + " key)");
        story.member("a GitLab", stage.gitLab().url() + "  (" + stage.gitLab().keyType() + " key)");
        story.member(
                "a Kubernetes cluster",
                stage.kubernetes().url() + "  (" + stage.kubernetes().keyType() + " key)");
        story.member("the bridge", bridge.text());
        story.say(
                "The bridge was told in YAML whom to believe, what there is to be had, and who may");
        story.say("have it: 3 trusted issuers, 2 targets, 3 grants.");
        HttpAnswer ready = http.get(stage.management().at("/readyz"), Map.of());
        story.check(ready.status() == 200, "the bridge is ready");
    }

    private Secret gitHubRun() {
        story.step("A GitHub job gets a credential for deploying");
        Map<String, @Nullable Object> claims = DemoTokens.gitHubRun(stage.gitHub().url(), now());
        Secret token = stage.gitHub().sign(claims);
        story.say("GitHub signs a token for the job that says:");
        claims(claims, "repository", "repository_id", "environment", "event_name", "ref");
        sends("/token", token, "audience=deploy-api");
        TokenAnswer answer =
                issued(tokens.exchange(token, new Wish("deploy-api", null, null), null));
        comes(answer, "payments-deploy");
        verified(answer, "https://deploy.acme.example", "deploy:write");
        return token;
    }

    /// Anybody can do this, and the deploy API does: nothing but the bridge's name is needed.
    private void verified(TokenAnswer answer, String audience, String scope) {
        PublishedKeys keys = PublishedKeys.of(http, bridge.text());
        PublishedKeys.Verified verified = keys.verify(answer.credential());
        story.say("Whoever is shown the credential verifies it with the bridge's published keys:");
        story.member("keys from", keys.jwksUri());
        story.member("signature", verified.algorithm() + ", good, by key " + verified.keyId());
        for (String name : List.of("iss", "sub", "aud", "scope")) {
            story.member(name, String.valueOf(verified.claims().get(name)));
        }
        story.check(bridge.text().equals(verified.claims().get("iss")), "the bridge signed it");
        story.check(audience.equals(verified.claims().get("aud")), "it is for " + audience);
        story.check(scope.equals(verified.claims().get("scope")), "it carries " + scope);
    }

    private void replay(Secret used) {
        story.step("Somebody copied that job's token and shows it again: refused");
        sends("/token", used, "audience=deploy-api");
        RefusedByBridge refusal =
                refused(tokens.exchange(used, new Wish("deploy-api", null, null), null));
        refused(refusal, "token_replayed");
    }

    private void pullRequest() {
        story.step("A pull request's job asks for the same credential: refused");
        Map<String, @Nullable Object> claims =
                DemoTokens.gitHubPullRequest(stage.gitHub().url(), now());
        Secret token = stage.gitHub().sign(claims);
        story.say(
                "It runs in the same repository and names the same environment, but on code that");
        story.say("nobody has merged:");
        claims(claims, "repository_id", "environment", "event_name", "ref", "actor");
        sends("/token", token, "audience=deploy-api");
        refused(
                refused(tokens.exchange(token, new Wish("deploy-api", null, null), null)),
                "grant_missing");
    }

    private void severalTargets() {
        story.step("A GitLab job gets two credentials with one token");
        Map<String, @Nullable Object> claims = DemoTokens.gitLabJob(stage.gitLab().url(), now());
        Secret token = stage.gitLab().sign(claims);
        claims(
                claims,
                "project_path",
                "project_id",
                "ref_path",
                "ref_protected",
                "pipeline_source");
        sends("/credentials", token, "targets: deploy-api, package-registry");
        HttpAnswer answer =
                http.postJson(
                        bridge.at("/credentials"),
                        Secret.of(
                                "{\"subject_token\":\""
                                        + token.reveal()
                                        + "\",\"targets\":[{\"target\":\"deploy-api\"},"
                                        + "{\"target\":\"package-registry\",\"ttl\":120}]}"),
                        Map.of());
        story.check(answer.status() == 200, "both are given, not " + answer.status());
        List<?> results = answer.json().get("results") instanceof List<?> list ? list : List.of();
        story.check(results.size() == 2, "there are two results");
        for (Object result : results) {
            Map<?, ?> one = result instanceof Map<?, ?> map ? map : Map.of();
            story.check(one.get("access_token") instanceof String, "each is a credential");
            story.comes(
                    "a credential, scope "
                            + one.get("scope")
                            + ", for "
                            + one.get("expires_in")
                            + " s, issuance "
                            + one.get("issuance"));
        }
    }

    private void fork() {
        story.step("A merge request from a fork of that project tries the same: refused");
        Map<String, @Nullable Object> claims = DemoTokens.gitLabFork(stage.gitLab().url(), now());
        Secret token = stage.gitLab().sign(claims);
        story.say(
                "The job runs in the project, on the code of the fork; GitLab's token tells both:");
        claims(claims, "project_path", "project_id", "job_project_id", "pipeline_source");
        sends("/token", token, "audience=deploy-api");
        refused(
                refused(tokens.exchange(token, new Wish("deploy-api", null, null), null)),
                "grant_missing");
    }

    private TokenAnswer pod() {
        story.step("A Kubernetes pod gets a credential for the package registry");
        Map<String, @Nullable Object> claims = DemoTokens.pod(stage.kubernetes().url(), now());
        Secret token = stage.kubernetes().sign(claims);
        story.say("The cluster puts a token into the pod and renews it; the pod shows it:");
        claims(claims, "sub");
        sends("/token", token, "audience=package-registry");
        TokenAnswer answer =
                issued(tokens.exchange(token, new Wish("package-registry", null, null), null));
        comes(answer, "payments-pod");
        return answer;
    }

    private void revocation(TokenAnswer answer) {
        story.step("The pod is done and gives its credential back");
        Secret handle = answer.revocationHandle();
        if (handle == null) {
            throw new ToldOtherwise("expected a revocation handle");
        }
        boolean before = active(answer.credential());
        story.member("before", before ? "active" : "not active");
        story.check(before, "the credential is active");
        story.sends("POST /revoke  token=rvk_... (the handle that came with it)");
        HttpAnswer revoked = http.postForm(bridge.at("/revoke"), Map.of("token", handle), Map.of());
        story.comes(String.valueOf(revoked.status()));
        story.check(revoked.status() == 200, "the bridge takes it back");
        boolean after = active(answer.credential());
        story.member("after", after ? "active" : "not active");
        story.check(!after, "the credential is active no more");
        story.say(
                "APIs that ask the bridge (POST /introspect) see this at once; others believe the");
        story.say("credential until it ends, which is why it lives minutes.");
    }

    private boolean active(Secret credential) {
        return Boolean.TRUE.equals(
                http.postForm(
                                bridge.at("/introspect"),
                                Map.of("token", credential),
                                Map.of("authorization", bearer()))
                        .json()
                        .get("active"));
    }

    private void next() {
        story.line("");
        story.heading("That was all of it, and it was real: real keys, real HTTP, a real bridge.");
        story.say("Next:");
        story.say("  write four YAML documents of your own (README.md, \"A first exchange\")");
        story.say(
                "  tollbridge check --config DIR              says what is wrong or dangerous in them");
        story.say("  tollbridge serve --config DIR --data DIR   runs the bridge");
        story.say("  tollbridge exchange --help                 is a client for jobs");
        story.say(
                "  tollbridge demo --keep                     leaves all this running, to try with curl");
    }

    private void claims(Map<String, @Nullable Object> claims, String... names) {
        for (String name : names) {
            story.member(name, String.valueOf(claims.get(name)));
        }
    }

    private void sends(String path, Secret token, String rest) {
        story.sends(
                "POST "
                        + path
                        + "  token "
                        + DemoTokens.fingerprint(token).substring(0, 12)
                        + "... (a fingerprint), "
                        + rest);
    }

    private void comes(TokenAnswer answer, String grant) {
        story.comes(
                "a credential for "
                        + Duration.between(Instant.now(), answer.expiresAt()).toSeconds()
                        + " s, issuance "
                        + answer.issuance());
        Map<String, @Nullable Object> issuance =
                operator("issuances/" + String.valueOf(answer.issuance()));
        story.member("by grant", String.valueOf(issuance.get("grant")));
        story.member("to", String.valueOf(issuance.get("subject")));
        story.check(grant.equals(issuance.get("grant")), "the grant " + grant + " gave it");
    }

    private TokenAnswer issued(ExchangeAnswer answer) {
        return switch (answer) {
            case Issued issued -> issued.token();
            case Refused refused ->
                    throw new ToldOtherwise(
                            "expected a credential, came a refusal: "
                                    + refused.refusal().reason()
                                    + ", "
                                    + detail(refused.refusal()));
        };
    }

    private RefusedByBridge refused(ExchangeAnswer answer) {
        return switch (answer) {
            case Issued issued ->
                    throw new ToldOtherwise(
                            "expected a refusal, came issuance " + issued.token().issuance());
            case Refused refused -> refused.refusal();
        };
    }

    private void refused(RefusedByBridge refusal, String reason) {
        story.refuses(refusal.reason() + ": " + refusal.sentence());
        story.member("receipt", String.valueOf(refusal.receipt()));
        story.check(reason.equals(refusal.reason()), "the reason is " + reason);
        story.say("That is all the caller learns. By the receipt, the operator sees more:");
        for (String line : detail(refusal).strip().split("\n", -1)) {
            story.line("        " + line);
        }
    }

    private String detail(RefusedByBridge refusal) {
        Map<String, @Nullable Object> receipt =
                operator("receipts/" + String.valueOf(refusal.receipt()));
        return String.valueOf(receipt.get("detail"));
    }

    /// The admin API. A refusal's record may be written a moment after its answer.
    private Map<String, @Nullable Object> operator(String path) {
        long end = System.nanoTime() + WAIT_FOR_RECORD.toNanos();
        while (true) {
            HttpAnswer answer =
                    http.get(
                            stage.management().at("/admin/v1/" + path),
                            Map.of("authorization", bearer()));
            if (answer.status() == 200) {
                return answer.json();
            }
            story.check(
                    answer.status() == 404 && System.nanoTime() < end,
                    "the operator finds " + path + ", not " + answer.status());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Secret bearer() {
        return Secret.of("Bearer " + stage.operator().reveal());
    }

    private static Instant now() {
        return Instant.now();
    }
}
