package dev.tollbridge.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A runtime with those modules of the JDK that a product uses, and nothing to develop with.
final class Runtimes {

    private Runtimes() {}

    static void link(Options options, Product product, Architecture architecture, Path runtime)
            throws IOException, InterruptedException {
        // The linker is this machine's, whatever processor it links for.
        Path tools = options.jdk(Architecture.ofThisMachine()).resolve("bin");
        List<String> command = new ArrayList<>();
        command.add(tools.resolve("jlink").toString());
        if (architecture != Architecture.ofThisMachine()) {
            Path modules = options.jdk(architecture).resolve("jmods");
            if (!Files.isDirectory(modules)) {
                throw new BuildFailed(
                        modules
                                + " is not there: linking for another processor takes a JDK that has"
                                + " its jmods, which some vendors ship apart");
            }
            command.addAll(List.of("--module-path", modules.toString()));
        }
        command.addAll(
                List.of(
                        "--add-modules",
                        String.join(",", product.modules()),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        runtime.toString()));
        Commands.run(command);
        if (options.ca() != null) {
            Authorities.add(
                    options.ca(), runtime.resolve("lib/security/cacerts"), options.timestamp());
        }
    }
}
