package dev.tollbridge.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Each product for each processor: a runtime, the program, its start-up caches, an archive.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Options options = Options.of(List.of(arguments));
            Files.createDirectories(options.out());
            for (Architecture architecture : options.architectures()) {
                for (Product product : List.of(Product.TOLLBRIDGE, Product.SIDECAR)) {
                    build(options, product, architecture);
                }
            }
        } catch (BuildFailed e) {
            System.err.println("images: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void build(Options options, Product product, Architecture architecture)
            throws IOException, InterruptedException {
        String name = product.name() + "-" + options.version() + "-" + architecture.image();
        Path root = options.out().resolve("root").resolve(name);
        Trees.delete(root);
        Path home = root.resolve("opt/tollbridge");
        Files.createDirectories(home);
        Runtimes.link(options, product, architecture, home.resolve("runtime"));
        Programs.lay(options, product, architecture, home);
        Trees.date(root, options.timestamp());
        StartupCaches.make(options, product, architecture, home);
        Trees.date(root, options.timestamp());
        Archive.Written written = Archive.write(options, product, architecture, name, root);
        // Beside the archive, too: under the image's name, for whoever does not unpack it.
        for (Path bill : Trees.files(home.resolve("sbom"))) {
            Files.copy(
                    bill,
                    options.out().resolve(name + "." + bill.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        System.out.printf(
                "image %s:%s %s %s %d MB%n",
                product.name(),
                options.version(),
                architecture.image(),
                written.digest(),
                Files.size(written.file()) / 1_000_000);
    }
}
