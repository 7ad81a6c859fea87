package dev.tollbridge.bridge.mint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.SixProviders.Flaw;
import dev.tollbridge.bridge.mint.github.AppKeyFile;
import dev.tollbridge.bridge.mint.github.GitHubEmulator;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.GitHubJobs;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way in which a provider fails, at every kind of provider, as a caller and an operator see
/// it: the answer, the receipt, what became of the reservation, whether the subject token may be
/// used again, and that others are served meanwhile.
@DisplayName("a provider that fails")
final class ProviderFaultsTest {

    private static final Pattern OF_RECORD =
            Pattern.compile(
                    "\"kind\":\"(reserved|issued|failed|uncertain)\"[^\\n]*?\"target\":\"([a-z]+)\"");

    private static Vertx vertx;
    private static ThrowawayCa ca;

    @TempDir private Path folder;

    private final GitHubJobs github = new GitHubJobs();
    private final SixProviders providers = new SixProviders();
    private HttpsIssuerServer provider;
    private ServedBridge bridge;

    @BeforeAll
    static void startOnce() {
        CryptoProvider.install();
        vertx = Vertx.vertx();
        ca = ThrowawayCa.create(InstantSource.system());
    }

    @BeforeEach
    void start() throws IOException {
        provider = HttpsIssuerServer.start(vertx, ca).otherwise(providers);
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                github.trusted() + SixProviders.documents(provider.url()));
        Files.writeString(
                config.resolve("kubeconfig"),
                SixProviders.kubeconfig(provider.url(), ca.certificatePem()));
        AppKeyFile.write(
                config.resolve("app.pem"), AppKeyFile.pkcs1(GitHubEmulator.appKey()), "rw-------");
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(
                                        AllowedEndpoints.of(
                                                List.of(provider.url()), ca.certificatePem())));
        // What follows is of the fault alone; libraries of providers are loaded by now, too.
        for (String target : SixProviders.TARGETS) {
            Eventually.is(
                    target + " is given",
                    () -> bridge.exchange(github.token(), target).has("access_token"));
        }
    }

    @AfterEach
    void stop() {
        bridge.close();
        provider.close();
    }

    /// What the record says became of the target's last reservation.
    private List<String> outcomes(String target) {
        List<String> kinds =
                OF_RECORD
                        .matcher(record())
                        .results()
                        .filter(line -> line.group(2).equals(target))
                        .map(line -> line.group(1))
                        .toList();
        return kinds.subList(kinds.lastIndexOf("reserved"), kinds.size());
    }

    /// Its lines alone: other files of the folder come and go.
    private String record() {
        try (Stream<Path> files = Files.list(folder.resolve("data/audit"))) {
            StringBuilder lines = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                lines.append(Files.readString(file));
            }
            return lines.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Arguments> faults() {
        return Stream.of(
                fault("400", Answer.status(400), "target_refused", "failed"),
                fault("403", Answer.status(403), "target_refused", "failed"),
                fault("429", Answer.status(429), "target_unavailable", "failed"),
                fault("500", Answer.status(500), "target_unavailable", "uncertain"),
                fault(
                        "a redirect",
                        Answer.redirect("https://elsewhere.example/"),
                        "target_unavailable",
                        "failed"),
                fault(
                        "garbage",
                        Answer.status(200, "application/json", "<html>"),
                        "target_unavailable",
                        "uncertain"),
                fault("20 MB", Answer.huge(20_000_000), "target_unavailable", "uncertain"),
                fault("silence", Answer.silence(), "target_unavailable", "uncertain"),
                flaw("a credential that has ended", Flaw.ENDED),
                flaw("a credential that outlives the decision", Flaw.OUTLIVES),
                flaw("a credential for more than was asked", Flaw.WIDER));
    }

    private static Arguments fault(String name, Answer answer, String reason, String outcome) {
        return Arguments.of(name, answer, Flaw.NONE, reason, outcome);
    }

    private static Arguments flaw(String name, Flaw flaw) {
        return Arguments.of(name, null, flaw, "target_refused", "failed");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isToldApartRecordedAndKeptFromOthers(
            String name, @Nullable Answer answer, Flaw flaw, String reason, String outcome) {
        providers.give(flaw);
        if (answer != null) {
            provider.otherwise(
                    request -> (SixProviders.mints(request) ? answer : providers).accept(request));
        }
        Map<String, String> tokens = new LinkedHashMap<>();
        Map<String, CompletableFuture<JsonNode>> asked = new LinkedHashMap<>();
        for (String target : SixProviders.TARGETS) {
            String token = github.token();
            tokens.put(target, token);
            asked.put(
                    target,
                    CompletableFuture.supplyAsync(
                            () -> bridge.exchange(token, target), Thread::startVirtualThread));
        }
        // Some of those may still be waiting for their provider.
        assertThat(bridge.exchange(github.token(), "internal-api").has("access_token")).isTrue();

        asked.forEach((target, coming) -> {
            JsonNode told = coming.join();
            assertThat(told.path("reason").asText()).as(target + " " + told).isEqualTo(reason);
            assertThat(told.path("error").asText())
                    .isEqualTo(
                            reason.equals("target_refused")
                                    ? "invalid_target"
                                    : "temporarily_unavailable");
            String receipt = told.path("receipt").asText();
            JsonNode known = bridge.receipt(receipt);
            assertThat(known.path("reason").asText()).isEqualTo(reason);
            assertThat(outcomes(target)).as(target).containsExactly("reserved", outcome);
            assertThat(known.path("target").asText()).isEqualTo(target);
            assertThat(known.path("detail").asText()).isNotBlank().doesNotContain("given");
            // Whoever certainly got nothing may show the token again.
            JsonNode again = bridge.exchange(String.valueOf(tokens.get(target)), "internal-api");
            assertThat(again.has("access_token"))
                    .as(target + " " + again)
                    .isEqualTo(outcome.equals("failed"));
        });
        assertThat(bridge.metrics())
                .contains("target=\"aws\"", "target=\"kubernetes\"", "outcome=\"minted\"");
    }
}
