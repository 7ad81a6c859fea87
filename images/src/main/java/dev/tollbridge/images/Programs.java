package dev.tollbridge.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The launcher, the jars of a product for one processor, and its bills of materials: the layout of
/// an unpacked release.
final class Programs {

    private Programs() {}

    static void lay(Options options, Product product, Architecture architecture, Path home)
            throws IOException {
        Path built = options.root().resolve("bridge/target/lib");
        Path lib = home.resolve("lib");
        Files.createDirectories(lib);
        Files.copy(options.root().resolve("tollbridge"), home.resolve("tollbridge"));
        for (Path jar : jars(built)) {
            String name = jar.getFileName().toString();
            if (product.takes(name) && !ofAnother(architecture, name)) {
                Files.copy(jar, lib.resolve(name));
            }
        }
        if (product.jars().isEmpty()) {
            Path cryptography = lib.resolve(architecture.machine());
            Files.createDirectories(cryptography);
            for (Path jar : jars(built.resolve(architecture.machine()))) {
                Files.copy(jar, cryptography.resolve(jar.getFileName().toString()));
            }
        }
        Path bills = home.resolve("sbom");
        Files.createDirectories(bills);
        for (String material : product.materials()) {
            Path bill = options.root().resolve(material + "/target/" + billOf(material, "-sbom"));
            if (Files.exists(bill)) {
                Files.copy(bill, bills.resolve(billOf(material, ".cdx")));
            } else {
                System.out.println(
                        "image without a bill of materials: "
                                + material
                                + " was built with -Dquick");
            }
        }
    }

    private static String billOf(String module, String suffix) {
        return "tollbridge-" + module + suffix + ".json";
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new BuildFailed(folder + " is not there: build the module bridge first");
        }
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static boolean ofAnother(Architecture architecture, String jar) {
        for (Architecture other : Architecture.values()) {
            if (other != architecture && jar.endsWith("-" + other.classifier() + ".jar")) {
                return true;
            }
        }
        return false;
    }
}
