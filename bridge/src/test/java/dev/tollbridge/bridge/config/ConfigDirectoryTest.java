package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.Problem.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDirectoryTest {

    private static final InstantSource NOW =
            InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));
    private static final String GRANT =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: Grant
            metadata: {name: %s}
            spec: {owner: o, issuer: i, match: {a: b}, allow: [{target: t}]}
            """;

    @TempDir private Path directory;

    private Loaded load() {
        return new ConfigDirectory(NOW).load(directory);
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return Files.writeString(file, text);
    }

    private static List<String> problems(Loaded loaded) {
        return loaded.problems().stream().map(p -> p.rule() + " " + p.place()).toList();
    }

    @Test
    void readsDocumentsAtEveryDepthAndPassesOverWhatIsNoDocument() throws IOException {
        write("a.yaml", GRANT.formatted("a") + "---\n" + GRANT.formatted("b"));
        write("deep/er/c.yml", GRANT.formatted("c"));
        write(
                "d.json",
                "{\"apiVersion\":\"tollbridge.dev/v1alpha1\",\"kind\":\"Grant\",\"metadata\":{\"name\":\"d\"},"
                        + "\"spec\":{\"owner\":\"o\",\"issuer\":\"i\",\"match\":{\"a\":\"b\"},\"allow\":[{\"target\":\"t\"}]}}");
        write("jwks.json", "{\"keys\": []}");
        write(".hidden.yaml", "nonsense");
        write("notes.txt", "nonsense");
        write("empty.yaml", "# nothing\n---\n---\n");
        Loaded loaded = load();
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.documents().grants().keySet()).containsExactly("a", "b", "c", "d");
        assertThat(Named.in(loaded.documents().grants(), "c").place())
                .hasToString("deep/er/c.yml:1");
        assertThat(Named.in(loaded.documents().grants(), "b").place()).hasToString("a.yaml:6");
    }

    @Test
    void namesBothPlacesOfTwoDocumentsWithOneName() throws IOException {
        write("a.yaml", GRANT.formatted("x"));
        write("b.yaml", GRANT.formatted("x"));
        Loaded loaded = load();
        assertThat(loaded.problems()).hasSize(1);
        assertThat(loaded.problems().getFirst().toString())
                .contains("b.yaml:1", "a.yaml:1", "duplicate-name");
        assertThat(loaded.acceptable()).isFalse();
    }

    @Test
    void followsLinksInsideAsConfigMapsHaveThem() throws IOException {
        write("..v1/g.yaml", GRANT.formatted("g"));
        write("..v1/sub/h.yaml", GRANT.formatted("h"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(directory.resolve("g.yaml"), Path.of("..data/g.yaml"));
        Files.createSymbolicLink(directory.resolve("sub"), Path.of("..data/sub"));
        Loaded loaded = load();
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.documents().grants().keySet()).containsExactly("g", "h");
    }

    @Test
    void refusesLinksThatLeaveTheDirectoryOrGoNowhere(@TempDir Path elsewhere) throws IOException {
        Path outside = Files.writeString(elsewhere.resolve("x.yaml"), GRANT.formatted("x"));
        Files.createSymbolicLink(directory.resolve("a.yaml"), outside);
        Files.createSymbolicLink(directory.resolve("b"), elsewhere);
        Files.createSymbolicLink(directory.resolve("c.yaml"), Path.of("nothing.yaml"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("."));
        Loaded loaded = load();
        assertThat(problems(loaded))
                .containsExactly(
                        "symlink-leaves-directory a.yaml",
                        "symlink-leaves-directory b",
                        "unreadable c.yaml");
        assertThat(loaded.documents()).isEqualTo(Documents.EMPTY);
    }

    @Test
    void refusesMalformedUtf8WithItsLine() throws IOException {
        Files.write(
                directory.resolve("a.yaml"),
                "a: b\nc: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems(load())).containsExactly("unreadable a.yaml:2");
    }

    @Test
    void saysThatADirectoryIsMissing() {
        directory = directory.resolve("missing");
        Loaded loaded = load();
        assertThat(loaded.acceptable()).isFalse();
        assertThat(loaded.sightings().whole()).isFalse();
    }

    @Test
    void suggestsWhatAMisspeltFieldMeant() throws IOException {
        write("a.yaml", GRANT.formatted("a").replace("issuer:", "isuer:"));
        assertThat(load().problems())
                .anySatisfy(p -> {
                    assertThat(p.path()).isEqualTo("Grant/a spec");
                    assertThat(p.suggestion()).isEqualTo("did you mean issuer?");
                });
    }

    @Test
    void readsWindowsLineEndsAndByteOrderMark() throws IOException {
        write("a.yaml", "\uFEFF" + GRANT.formatted("a").replace("\n", "\r\n"));
        assertThat(load().problems()).isEmpty();
    }

    @Test
    void neverQuotesMoreThanALineOfWhatWasWritten() throws IOException {
        write("a.yaml", GRANT.formatted("a").replace("owner: o", "owner: o, ? " + "x".repeat(900)));
        assertThat(load().problems()).isNotEmpty();
        assertThat(load().problems())
                .allSatisfy(p -> assertThat(p.toString()).hasSizeLessThan(300));
    }

    @Test
    void readsEveryFieldIntoItsRecord() throws IOException {
        directory = Path.of("src/test/resources/config/good");
        assertThat(load().problems()).isEmpty();
        Documents documents = load().documents();
        TrustedIssuerSpec cluster = Named.in(documents.issuers(), "cluster.eu").spec();
        assertThat(cluster.replay()).isEqualTo(TrustedIssuerSpec.Replay.OFF);
        assertThat(cluster.maxTokenAge()).isEqualTo(Duration.ofMinutes(90));
        assertThat(cluster.maxTokenLifetime()).isEqualTo(Duration.ofDays(1));
        assertThat(cluster.clockSkew()).isEqualTo(Duration.ofSeconds(90));
        assertThat(cluster.keys())
                .isEqualTo(
                        new TrustedIssuerSpec.KeySource.ApiServer(
                                "https://10.0.0.1:6443", "ca.pem", "token"));
        assertThat(cluster.enabled()).isFalse();
        assertThat(cluster.requirePod()).isFalse();
        assertThat(cluster.denied().get(1))
                .isEqualTo(
                        Map.of(
                                "sub",
                                new MatchForm.AnyOf(
                                        List.of(
                                                new MatchForm.Exact("a"),
                                                new MatchForm.Glob("b:*"))),
                                "fork",
                                new MatchForm.Exact(true)));
        assertThat(Named.in(documents.issuers(), "inline").spec().keys())
                .isEqualTo(
                        new TrustedIssuerSpec.KeySource.Inline(
                                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\",\"x\":\"abc\",\"y\":\"def\",\"n\":5,\"ok\":true}]}"));
        assertThat(documents.targets().keySet())
                .contains("api", "aws", "google", "kubernetes", "azure", "github", "oauth");
        assertThat(Named.in(documents.targets(), "github").spec().settings())
                .isInstanceOfSatisfying(
                        TargetSpec.GitHub.class,
                        github -> assertThat(github.appId()).isEqualTo("123456"));
        GrantSpec all = Named.in(documents.grants(), "all").spec();
        assertThat(all.match()).containsEntry("base_ref", new MatchForm.Exact(""));
        assertThat(all.expires()).isEqualTo(LocalDate.of(2020, 1, 1));
        assertThat(all.mode()).isEqualTo(GrantSpec.Mode.SHADOW);
        assertThat(all.session()).isEqualTo(new GrantSpec.Session(Duration.ofHours(2)));
        GrantSpec payments = Named.in(documents.grants(), "payments-deploy").spec();
        assertThat(payments.allow().get(1))
                .isEqualTo(
                        new GrantSpec.Allow(
                                "internal-api", Duration.ofMinutes(10), List.of("deploy:write")));
        assertThat(documents.exemptions()).hasSize(1);
        assertThat(documents.admissionSettings()).hasSize(1);
    }

    @Test
    void readsManyDocumentsOfOneFileInTheirOrderAndAtTheirLines() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append("---\n").append(GRANT.formatted("g" + i));
        }
        write("a.yaml", text + "---\n" + GRANT.formatted("g7"));
        Loaded loaded = load();
        assertThat(loaded.documents().grants()).hasSize(3000);
        assertThat(Named.in(loaded.documents().grants(), "g2999").place().line())
                .isEqualTo(2999 * 5 + 2);
        assertThat(loaded.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.toString()).contains("a.yaml:15002", "a.yaml:37"));
    }

    @Test
    void boundsTheNumberOfProblems() throws IOException {
        write("a.yaml", "- x\n---\n".repeat(3000));
        List<Problem> problems = load().problems();
        assertThat(problems).hasSize(Problems.MAX + 1);
        assertThat(problems.getLast().severity()).isEqualTo(Severity.ERROR);
        assertThat(problems.getLast().rule()).isEqualTo("too-many-problems");
    }
}
