package dev.tollbridge.bridge.mint.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.CredentialMinterContract;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GitHubAppMinterTest extends CredentialMinterContract {

    @TempDir private Path documents;

    private @Nullable String installationId = Long.toString(GitHubEmulator.INSTALLATION);
    private @Nullable String owner;
    private List<String> repositories = List.of("payments");
    private @Nullable RevocableMinter minter;

    @BeforeEach
    void key() throws IOException {
        AppKeyFile.write(
                documents.resolve("app.pem"),
                AppKeyFile.pkcs1(GitHubEmulator.appKey()),
                "rw-------");
    }

    @Override
    protected CredentialMinter minter() {
        RevocableMinter made = minter;
        if (made == null) {
            made = minterWith(endpoints());
            minter = made;
        }
        return made;
    }

    @Override
    protected RevocableMinter minterWith(AllowedEndpoints endpoints) {
        return new GitHubAppMinter(fetcher(), endpoints, clock);
    }

    @Override
    protected Target target() {
        Map<String, String> permissions = new LinkedHashMap<>();
        permissions.put("contents", "write");
        permissions.put("checks", "read");
        return new Target(
                "github-payments",
                "team-payments@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                new GitHub(
                        GitHubEmulator.APP,
                        "app.pem",
                        installationId,
                        owner,
                        repositories,
                        permissions,
                        provider.url()),
                documents);
    }

    @Override
    protected void willing(Instant expires) {
        emulator().expires = expires;
    }

    private GitHubEmulator emulator() {
        GitHubEmulator github = new GitHubEmulator(GitHubEmulator.appKey(), () -> now);
        provider.reset().otherwise(github);
        return github;
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return "0123456789abcdef0123456789abcdef";
    }

    @Test
    void asksForNamedRepositoriesAndPermissionsAndForNothingElse() throws MintFailure {
        GitHubEmulator github = emulator();
        MintedCredential credential = mint();
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType()).isEqualTo(IssuedTokenType.ACCESS_TOKEN);
        assertThat(credential.revocable()).isTrue();
        assertThat(credential.endedBy()).isEqualTo(credential.value());
        JsonNode asked = github.asked.getFirst();
        assertThat(asked.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("repositories", "permissions");
        assertThat(asked.path("repositories").toString()).isEqualTo("[\"payments\"]");
        assertThat(asked.path("permissions").path("contents").asText()).isEqualTo("write");
        assertThat(asked.path("permissions").size()).isEqualTo(2);
    }

    static Stream<Arguments> excess() {
        return Stream.of(
                of("all repositories", answer -> answer.put("repository_selection", "all")),
                of("no word on selection", answer -> answer.remove("repository_selection")),
                of("a further permission", answer -> permit(answer, "secrets", "read")),
                of("a wider permission", answer -> permit(answer, "contents", "admin")),
                of("a wider one of two", answer -> permit(answer, "checks", "write")),
                of("more than reading metadata", answer -> permit(answer, "metadata", "write")),
                of("an unknown level", answer -> permit(answer, "contents", "own")),
                of("a level that is no text", answer -> permit(answer, "contents", 1)),
                of("no permissions", answer -> answer.remove("permissions")),
                of("permissions as a list", answer -> answer.put("permissions", List.of())),
                of("another repository", answer -> repositories(answer, "payments", "shop")),
                of("a nameless repository", answer -> answer.put("repositories", List.of("a"))),
                of("repositories as a text", answer -> answer.put("repositories", "payments")),
                of("no end", answer -> answer.remove("expires_at")),
                of("an end that is none", answer -> answer.put("expires_at", "soon")));
    }

    private static Arguments of(String name, Consumer<Map<String, Object>> change) {
        return Arguments.of(name, change);
    }

    @SuppressWarnings("unchecked")
    private static void permit(Map<String, Object> answer, String permission, Object level) {
        Map<String, Object> permissions =
                (Map<String, Object>) Objects.requireNonNull(answer.get("permissions"));
        permissions.put(permission, level);
    }

    private static void repositories(Map<String, Object> answer, String... names) {
        answer.put("repositories", Stream.of(names).map(name -> Map.of("name", name)).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("excess")
    void aTokenWiderThanAskedForIsEndedAndNotGiven(
            String name, Consumer<Map<String, Object>> change) {
        GitHubEmulator github = emulator().but(change);
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
        assertThat(failure.detail()).doesNotContain("ghs_");
        assertThat(github.ended).hasSize(1);
        assertThat(github.living).isEmpty();
    }

    @Test
    void aTokenThatOutlivesItsDecisionIsEnded() {
        GitHubEmulator github = emulator();
        github.expires = now.plus(Duration.ofHours(8));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(github.living).isEmpty();
        assertThat(github.ended).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotListTheRepositoriesIsTakenByItsSelection() throws MintFailure {
        emulator().but(answer -> answer.remove("repositories"));
        assertThat(mint().value().reveal()).startsWith("ghs_");
    }

    @Test
    void namesAreComparedAsGitHubDoesWithoutRegardToCase() throws MintFailure {
        emulator().but(answer -> repositories(answer, "Payments"));
        assertThat(mint().value().reveal()).startsWith("ghs_");
    }

    @Test
    void aTokenOfAnyFormIsPassedOn() throws MintFailure {
        String jwtLike = "ghs_1_" + "A".repeat(3000) + ".B-_.C";
        emulator().but(answer -> answer.put("token", jwtLike));
        assertThat(mint().value().reveal()).isEqualTo(jwtLike);
    }

    @Test
    void findsTheInstallationOfAnOwnerOnce() throws MintFailure {
        installationId = null;
        owner = "Acme";
        emulator();
        mint();
        mint();
        assertThat(provider.requests("/orgs/acme/installation")).isEqualTo(1);
    }

    @Test
    void anAppThatWasInstalledAnewIsFoundAgain() throws MintFailure {
        installationId = null;
        owner = "acme";
        GitHubEmulator github = emulator();
        mint();
        github.installation = 7891;
        assertThat(mint().value().reveal()).startsWith("ghs_");
        assertThat(provider.requests("/orgs/acme/installation")).isEqualTo(2);
    }

    @Test
    void anOwnerWithoutTheAppIsRefused() {
        installationId = null;
        owner = "stranger";
        emulator();
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.detail()).isEqualTo("the App is not installed for stranger");
        assertThat(provider.requests("/users/stranger/installation")).isEqualTo(1);
    }

    @Test
    void aUserIsAnOwnerToo() {
        installationId = null;
        owner = "mona";
        GitHubEmulator github = emulator();
        github.installation = 4711;
        // Found, and asked: the emulator knows no such repository of hers, which is another matter.
        assertThatThrownBy(
                        () -> {
                            repositories = List.of("hers");
                            mint();
                        })
                .isInstanceOfSatisfying(
                        MintFailure.class,
                        failure ->
                                assertThat(failure.detail()).isEqualTo("the provider answers 422"));
        assertThat(provider.requests("/app/installations/4711/access_tokens")).isEqualTo(1);
    }

    @Test
    void aRenamedOwnersOldNameIsNotFollowed() {
        installationId = null;
        owner = "acme";
        emulator().account = "somebody-else";
        assertThat(failure().detail()).isEqualTo("GitHub names another owner of the installation");
    }

    @Test
    void whatFailsWhileLookingUpLeavesNoDoubt() {
        installationId = null;
        owner = "acme";
        for (Answer answer :
                List.of(
                        Answer.status(500),
                        Answer.cut(),
                        Answer.status(200, "application/json", "{"),
                        Answer.huge(200_000))) {
            answers(answer);
            MintFailure failure = failure();
            assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
            assertThat(failure.certain()).isTrue();
        }
    }

    @Test
    void aRateLimitIsNotTakenForARefusal() {
        answers(request ->
                request.response()
                        .setStatusCode(403)
                        .putHeader("x-ratelimit-remaining", "0")
                        .putHeader("x-ratelimit-reset", Long.toString(now.getEpochSecond() + 90))
                        .end("{}"));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(failure.certain()).isTrue();
    }

    @Test
    void withoutAKeyNobodyIsAsked() throws IOException {
        AppKeyFile.write(documents.resolve("app.pem"), "none", "rw-------");
        emulator();
        assertThat(failure().certain()).isTrue();
        assertThat(provider.seen()).isEmpty();
    }

    @Test
    void endsATokenAtGitHub() throws MintFailure {
        GitHubEmulator github = emulator();
        MintedCredential credential = mint();
        assertThat(revoke(credential.endedBy())).isTrue();
        assertThat(github.living).isEmpty();
        assertThat(revoke(credential.endedBy())).as("once more").isTrue();
        assertThat(revoke(null)).as("after a restart").isFalse();
        provider.reset().otherwise(Answer.status(503));
        assertThatThrownBy(() -> revoke(credential.endedBy())).isInstanceOf(MintFailure.class);
    }

    private boolean revoke(@Nullable Secret endedBy) throws MintFailure {
        return minterWith(endpoints()).revoke(target(), ISSUANCE, endedBy);
    }
}
