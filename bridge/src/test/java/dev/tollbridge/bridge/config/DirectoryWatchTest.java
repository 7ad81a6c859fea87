package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatchTest {

    private static final String GRANT =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: Grant
            metadata: {name: %s}
            spec: {owner: o, issuer: i, match: {a: b}, allow: [{target: t}]}
            """;

    private final List<Loaded> readings = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final InstantSource clock = () -> now;

    @TempDir private Path parent;
    private Path directory = Path.of("");
    private DirectoryWatch watch = unopened();

    private DirectoryWatch unopened() {
        return new DirectoryWatch(
                Path.of("src/test/resources/config/good"),
                new ConfigDirectory(clock),
                readings::add,
                clock);
    }

    @BeforeEach
    void begins() throws IOException {
        watch.close();
        directory = Files.createDirectory(parent.resolve("config"));
        Files.writeString(directory.resolve("a.yaml"), GRANT.formatted("a"));
        watch = new DirectoryWatch(directory, new ConfigDirectory(clock), readings::add, clock);
    }

    @AfterEach
    void ends() {
        watch.close();
    }

    /// Long enough for the regular look, so that no test depends on when the system gives notice.
    private void tick() {
        now = now.plus(DirectoryWatch.INTERVAL);
        watch.tick();
    }

    private List<String> names() {
        return List.copyOf(readings.getLast().documents().grants().keySet());
    }

    @Test
    void readsNothingWhileNothingChanges() {
        tick();
        tick();
        tick();
        assertThat(readings).isEmpty();
    }

    @Test
    void readsAChangeOnceItRests() throws IOException {
        Files.writeString(directory.resolve("b.yaml"), GRANT.formatted("b"));
        tick();
        assertThat(readings).isEmpty();
        tick();
        assertThat(names()).containsExactly("a", "b");
        tick();
        tick();
        assertThat(readings).hasSize(1);
    }

    @Test
    void waitsForAnEditorThatIsHalfWayThrough() throws IOException {
        now = now.plus(DirectoryWatch.INTERVAL);
        Files.writeString(directory.resolve("a.yaml"), "");
        watch.tick();
        Files.writeString(directory.resolve("a.yaml"), GRANT.formatted("a") + "# edited");
        now = now.plus(DirectoryWatch.TICK);
        watch.tick();
        assertThat(readings).isEmpty();
        now = now.plus(DirectoryWatch.TICK);
        watch.tick();
        assertThat(names()).containsExactly("a");
    }

    @Test
    void readsAChangeThatNeverRestsAllTheSame() throws IOException {
        for (int i = 0; i < 6; i++) {
            Files.writeString(directory.resolve("log.txt"), "x".repeat(i));
            now = now.plus(Duration.ofSeconds(1));
            watch.tick();
        }
        assertThat(readings).isNotEmpty();
    }

    @Test
    void noticesAnEditorThatWritesAsideAndRenames() throws IOException {
        Path aside = Files.writeString(directory.resolve(".a.swp"), GRANT.formatted("z"));
        Files.move(aside, directory.resolve("a.yaml"), StandardCopyOption.REPLACE_EXISTING);
        tick();
        tick();
        assertThat(names()).containsExactly("z");
    }

    @Test
    void noticesThatKubernetesSwapsAConfigMap() throws IOException {
        Files.createDirectories(directory.resolve("..1"));
        Files.createDirectories(directory.resolve("..2"));
        Files.writeString(directory.resolve("..1/m.yaml"), GRANT.formatted("m"));
        Files.writeString(directory.resolve("..2/m.yaml"), GRANT.formatted("n"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(directory.resolve("m.yaml"), Path.of("..data/m.yaml"));
        tick();
        tick();
        assertThat(names()).containsExactly("a", "m");
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
        Files.move(
                directory.resolve("..data_tmp"),
                directory.resolve("..data"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        tick();
        tick();
        assertThat(names()).containsExactly("a", "n");
    }

    @Test
    void noticesDeletionsNewDirectoriesAndKeySets() throws IOException {
        Files.createDirectories(directory.resolve("deep"));
        Files.writeString(directory.resolve("deep/c.yaml"), GRANT.formatted("c"));
        Files.delete(directory.resolve("a.yaml"));
        tick();
        tick();
        assertThat(names()).containsExactly("c");
        Files.writeString(directory.resolve("jwks.json"), "{\"keys\": []}");
        tick();
        tick();
        assertThat(readings).hasSize(2);
    }
}
