package dev.tollbridge.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the JVM found out while a bridge, a scan and a sidecar ran (JEP 483, 514, 515), for the
/// runtime and the jars of this very image.
///
/// Two trainings do not give the same bytes: the caches hold how often methods were called. Given
/// from an earlier build, they make the image the same again.
final class StartupCaches {

    private StartupCaches() {}

    static void make(Options options, Product product, Architecture architecture, Path home)
            throws IOException, InterruptedException {
        Path lib = home.resolve("lib");
        switch (options.aot()) {
            case Options.OFF -> {}
            case Options.TRAIN -> {
                if (architecture != Architecture.ofThisMachine()) {
                    // Only a processor of its own kind can train it: those images start slower.
                    return;
                }
                Commands.run(
                        List.of(
                                options.root().resolve(".mvn/make-aot-cache").toString(),
                                home.resolve("runtime").toString(),
                                lib.toString(),
                                options.jdk(architecture).toString()));
                for (String cache : product.caches()) {
                    if (!Files.exists(lib.resolve(cache))) {
                        throw new BuildFailed("no " + cache + " could be made");
                    }
                }
            }
            default -> {
                Path given =
                        Path.of(options.aot()).resolve(product.name() + "-" + architecture.image());
                for (String cache : product.caches()) {
                    Files.copy(given.resolve(cache), lib.resolve(cache));
                }
                return;
            }
        }
        keep(options, product, architecture, lib);
    }

    /// Beside the archive, for whoever builds the same again.
    private static void keep(Options options, Product product, Architecture architecture, Path lib)
            throws IOException {
        Path kept =
                options.out().resolve("aot").resolve(product.name() + "-" + architecture.image());
        Trees.delete(kept);
        Files.createDirectories(kept);
        for (String cache : product.caches()) {
            if (Files.exists(lib.resolve(cache))) {
                Files.copy(lib.resolve(cache), kept.resolve(cache));
            }
        }
    }
}
