package dev.tollbridge.bench.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// A tree such as a workspace or an unpacked image has: real source code and libraries of this
/// machine, and made logs, manifests, minified scripts and binaries. What is made is the same at
/// each run; none of it is a login.
public final class MixedTree {

    private static final long CODE = 45L << 20;
    private static final long LIBRARIES = 24L << 20;
    private static final int EACH_MADE = 12 << 20;
    private static final List<String> KINDS =
            List.of("prose", "code", "log", "manifests", "minified", "binary");
    private static final String[] WORDS =
            ("the of to and a in is for that with as on by this be are from or an it at not can which when if"
                            + " will has value file request server token user name type config path error service"
                            + " cluster node pod container image version data key set get return new string list")
                    .split(" ");

    /// One made file.
    public record Made(String name, byte[] bytes) {}

    private MixedTree() {}

    /// @param project whose own sources and libraries are part of it
    static void write(Path tree, Path project) throws IOException {
        Files.createDirectories(tree);
        for (String kind : KINDS) {
            for (Made made : made(kind, EACH_MADE)) {
                Path file = tree.resolve(kind).resolve(made.name());
                Files.createDirectories(file.getParent());
                Files.write(file, made.bytes());
            }
        }
        copy(project.resolve("docs"), tree.resolve("project/docs"), CODE);
        copy(project.resolve("bridge/src/main/java"), tree.resolve("project/src"), CODE);
        Path go = Path.of("/usr/local/go/src");
        if (Files.isDirectory(go)) {
            copy(go, tree.resolve("go"), CODE);
        }
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.isRegularFile(sources)) {
            unpack(sources, tree.resolve("java"), CODE);
        }
        copy(project.resolve("bridge/target/lib"), tree.resolve("lib"), LIBRARIES);
    }

    private static void copy(Path from, Path to, long most) throws IOException {
        long[] left = {most};
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (attributes.isRegularFile() && attributes.size() <= left[0]) {
                            Path copy = to.resolve(from.relativize(file).toString());
                            Files.createDirectories(copy.getParent());
                            Files.copy(file, copy);
                            left[0] -= attributes.size();
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void unpack(Path archive, Path to, long most) throws IOException {
        long left = most;
        try (InputStream in = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry();
                    entry != null && left > 0;
                    entry = zip.getNextEntry()) {
                Path file = to.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(to)) {
                    Files.createDirectories(file.getParent());
                    byte[] bytes = zip.readAllBytes();
                    Files.write(file, bytes);
                    left -= bytes.length;
                }
            }
        }
    }

    /// @param kind one of those made, or `mixed` for a share of each
    /// @param most bytes, about
    public static List<Made> made(String kind, int most) {
        if (kind.equals("mixed")) {
            List<Made> all = new ArrayList<>();
            for (String each : KINDS) {
                all.addAll(made(each, most / 2 / KINDS.size()));
            }
            return all;
        }
        Random random = new Random(kind.hashCode());
        List<Made> files = new ArrayList<>();
        int left = most;
        for (int i = 0; left > 0; i++) {
            int size = Math.min(left, 2000 + (int) (40_000 * Math.abs(random.nextGaussian())));
            files.add(file(kind, i, size, random));
            left -= files.getLast().bytes().length;
        }
        return files;
    }

    private static Made file(String kind, int number, int size, Random random) {
        return switch (kind) {
            case "prose" -> text(number + ".md", size, random, MixedTree::sentence);
            case "code" -> text(number + ".py", size, random, MixedTree::statement);
            case "log" ->
                    number % 8 == 7
                            ? packed(text(number + ".log.gz", size, random, MixedTree::logLine))
                            : text(number + ".log", size, random, MixedTree::logLine);
            case "manifests" -> text(number + ".yaml", size, random, MixedTree::manifest);
            case "minified" -> text(number + ".min.js", size, random, MixedTree::minified);
            case "binary" -> {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                bytes[0] = 0;
                yield new Made(number + ".bin", bytes);
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private interface Line {
        void add(StringBuilder text, Random random);
    }

    private static Made text(String name, int size, Random random, Line line) {
        StringBuilder text = new StringBuilder(size + 1000);
        while (text.length() < size) {
            line.add(text, random);
        }
        return new Made(name, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Made packed(Made plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Made(plain.name(), out.toByteArray());
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static void sentence(StringBuilder text, Random random) {
        int words = 6 + random.nextInt(14);
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word(random));
        }
        text.append(random.nextInt(5) == 0 ? ".\n\n" : ". ");
    }

    private static void statement(StringBuilder text, Random random) {
        text.append("    ".repeat(random.nextInt(4)))
                .append(word(random))
                .append('_')
                .append(word(random))
                .append(random.nextBoolean() ? " = self." : " = ")
                .append(word(random))
                .append('(')
                .append(word(random))
                .append(", \"")
                .append(word(random))
                .append("\")\n");
    }

    private static void logLine(StringBuilder text, Random random) {
        text.append("{\"time\":\"2026-11-21T10:")
                .append(10 + random.nextInt(50))
                .append(":00.")
                .append(random.nextInt(1000))
                .append("Z\",\"level\":\"info\",\"trace\":\"")
                .append(hex(random, 16))
                .append("\",\"message\":\"");
        sentence(text, random);
        text.setLength(text.length() - (text.charAt(text.length() - 1) == '\n' ? 2 : 1));
        text.append("\",\"duration_ms\":").append(random.nextInt(5000)).append("}\n");
    }

    private static void manifest(StringBuilder text, Random random) {
        byte[] data = new byte[200 + random.nextInt(800)];
        random.nextBytes(data);
        text.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ")
                .append(word(random))
                .append("-")
                .append(hex(random, 3))
                .append("\n  labels: {app: ")
                .append(word(random))
                .append("}\ndata:\n  settings.properties: |\n");
        for (int i = 0; i < 12; i++) {
            text.append("    ")
                    .append(word(random))
                    .append('.')
                    .append(word(random))
                    .append('=')
                    .append(word(random))
                    .append('\n');
        }
        text.append("binaryData:\n  blob: ")
                .append(Base64.getEncoder().encodeToString(data))
                .append('\n');
    }

    private static void minified(StringBuilder text, Random random) {
        text.append("function ")
                .append((char) ('a' + random.nextInt(26)))
                .append("(e,t){return e.")
                .append(word(random))
                .append("?t.")
                .append(word(random))
                .append("(e,\"")
                .append(word(random))
                .append("\"):new ")
                .append((char) ('A' + random.nextInt(26)))
                .append("(0x")
                .append(hex(random, 2))
                .append(")}");
    }

    private static String hex(Random random, int bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            hex.append(String.format(Locale.ROOT, "%02x", random.nextInt(256)));
        }
        return hex.toString();
    }
}
