package dev.tollbridge.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/// An OCI archive: what seldom changes in the lower layers, what each release changes above, and
/// the start-up caches, the only thing that two builds do not share, on top.
final class Archive {

    private static final String HOME = "/opt/tollbridge";
    private static final String USER = "65532:65532";

    /// @param digest of the image's manifest
    record Written(Path file, String digest) {}

    private Archive() {}

    static Written write(
            Options options, Product product, Architecture architecture, String name, Path root)
            throws IOException, InterruptedException {
        Path file = options.out().resolve(name + ".tar");
        Path cache = options.out().resolve("jib");
        try {
            JibContainerBuilder image = base(options, architecture, root);
            Map<String, Path> program = new TreeMap<>();
            for (Path path : Trees.files(root)) {
                program.put("/" + root.relativize(path), path);
            }
            layer(options, image, "runtime", only(program, in(HOME + "/runtime/")));
            layer(options, image, "libraries", only(program, Archive::ofOthers));
            layer(
                    options,
                    image,
                    "program",
                    only(
                            program,
                            path ->
                                    !path.startsWith(HOME + "/runtime/")
                                            && !path.endsWith(".aot")
                                            && !ofOthers(path)));
            layer(options, image, "start-up caches", only(program, path -> path.endsWith(".aot")));
            image.setEntrypoint(List.of(HOME + "/tollbridge"))
                    .setUser(USER)
                    .setEnvironment(
                            inOrder(
                                    Map.of(
                                            "PATH", HOME + ":/usr/local/bin:/usr/bin:/bin",
                                            "JAVA_HOME", HOME + "/runtime",
                                            "LANG", "C.UTF-8")))
                    .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                    .setLabels(
                            inOrder(
                                    Map.of(
                                            "org.opencontainers.image.title",
                                            product.title(),
                                            "org.opencontainers.image.version",
                                            options.version(),
                                            "org.opencontainers.image.licenses",
                                            "Apache-2.0",
                                            "dev.tollbridge.sbom",
                                            HOME + "/sbom")))
                    .setPlatforms(Set.of(new Platform(architecture.image(), "linux")))
                    .setCreationTime(options.timestamp())
                    .setFormat(ImageFormat.OCI);
            JibContainer written =
                    image.containerize(
                            Containerizer.to(
                                            TarImage.at(file)
                                                    .named(
                                                            product.name()
                                                                    + ":"
                                                                    + options.version()))
                                    .setBaseImageLayersCache(cache.resolve("base"))
                                    .setApplicationLayersCache(cache.resolve("layers"))
                                    .setToolName("tollbridge"));
            Files.writeString(options.out().resolve(name + ".digest"), written.getDigest() + "\n");
            return new Written(file, written.getDigest().toString());
        } catch (InvalidImageReferenceException
                | CacheDirectoryCreationException
                | RegistryException
                | ExecutionException e) {
            throw new BuildFailed("no image " + name + ": " + e.getMessage());
        }
    }

    private static JibContainerBuilder base(Options options, Architecture architecture, Path root)
            throws IOException, InterruptedException, InvalidImageReferenceException {
        if (!options.base().equals(Options.MACHINE)) {
            return Jib.from(options.base());
        }
        if (architecture != Architecture.ofThisMachine()) {
            throw new BuildFailed(
                    "a base from this machine is of its own processor: an image for "
                            + architecture.image()
                            + " needs -Dimages.base");
        }
        JibContainerBuilder image = Jib.fromScratch();
        layer(
                options,
                image,
                "C library",
                MachineBase.files(
                        root.resolve(HOME.substring(1) + "/runtime"),
                        options.out().resolve("base-files")));
        // Where no volume is mounted there, as with `docker run`.
        image.addFileEntriesLayer(
                FileEntriesLayer.builder()
                        .setName("temporary files")
                        .addEntry(
                                Files.createDirectories(options.out().resolve("empty")),
                                AbsoluteUnixPath.get("/tmp"),
                                FilePermissions.fromOctalString("777"),
                                options.timestamp())
                        .build());
        return image;
    }

    private static void layer(
            Options options, JibContainerBuilder image, String name, Map<String, Path> files) {
        if (files.isEmpty()) {
            return;
        }
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        files.forEach((path, file) ->
                layer.addEntry(
                        file,
                        AbsoluteUnixPath.get(path),
                        FilePermissions.fromOctalString(Files.isExecutable(file) ? "755" : "644"),
                        options.timestamp()));
        image.addFileEntriesLayer(layer.build());
    }

    private static Map<String, Path> only(Map<String, Path> files, Predicate<String> paths) {
        Map<String, Path> some = new TreeMap<>(files);
        some.keySet().removeIf(paths.negate());
        return some;
    }

    private static Predicate<String> in(String folder) {
        return path -> path.startsWith(folder);
    }

    private static boolean ofOthers(String path) {
        return path.endsWith(".jar")
                && !path.substring(path.lastIndexOf('/') + 1).startsWith("tollbridge-");
    }

    /// An order that is the same each time: that of `Map.of` is another one in each process.
    private static Map<String, String> inOrder(Map<String, String> entries) {
        return new TreeMap<>(entries);
    }
}
