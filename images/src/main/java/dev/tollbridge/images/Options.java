package dev.tollbridge.images;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the pom passes on from the command line.
///
/// @param root of the source tree
/// @param out where the archives go
/// @param timestamp of every file and of the images
/// @param base `machine`: assembled from this machine's C library; else a reference of a registry,
///   or `tar:///PATH`
/// @param jdks given for a processor; this machine's own is otherwise the one that runs this
/// @param aot `train`, `off`, or a folder with caches of an earlier build
/// @param ca authorities that the images believe besides the public ones, PEM
record Options(
        Path root,
        Path out,
        String version,
        Instant timestamp,
        Set<Architecture> architectures,
        String base,
        Map<Architecture, Path> jdks,
        String aot,
        @Nullable Path ca) {

    static final String MACHINE = "machine";
    static final String TRAIN = "train";
    static final String OFF = "off";

    static Options of(List<String> arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String flag = arguments.get(i);
            // Maven leaves an argument out where its value is empty.
            boolean empty = i + 1 == arguments.size() || arguments.get(i + 1).startsWith("--");
            given.put(flag, empty ? "" : arguments.get(++i));
        }
        Map<Architecture, Path> jdks = new HashMap<>();
        for (Architecture architecture : Architecture.values()) {
            String jdk = given.getOrDefault("--jdk-" + architecture.image(), "");
            if (!jdk.isEmpty()) {
                jdks.put(architecture, Path.of(jdk));
            }
        }
        jdks.putIfAbsent(
                Architecture.ofThisMachine(), Path.of(System.getProperty("java.home", "")));
        String ca = given.getOrDefault("--ca", "");
        return new Options(
                Path.of(needed(given, "--root")).toAbsolutePath().normalize(),
                Path.of(needed(given, "--out")).toAbsolutePath(),
                needed(given, "--version"),
                Instant.parse(needed(given, "--timestamp")),
                architectures(needed(given, "--architectures")),
                needed(given, "--base"),
                Map.copyOf(jdks),
                needed(given, "--aot"),
                ca.isEmpty() ? null : Path.of(ca));
    }

    private static String needed(Map<String, String> given, String flag) {
        String value = given.getOrDefault(flag, "");
        if (value.isEmpty()) {
            throw new BuildFailed(flag + " is missing");
        }
        return value;
    }

    private static Set<Architecture> architectures(String list) {
        Set<Architecture> all = new LinkedHashSet<>();
        for (String name : list.split(",", -1)) {
            all.add(
                    name.equals(MACHINE)
                            ? Architecture.ofThisMachine()
                            : Architecture.named(name.strip()));
        }
        return all;
    }

    Path jdk(Architecture architecture) {
        Path jdk = jdks.get(architecture);
        if (jdk == null) {
            throw new BuildFailed(
                    "an image for "
                            + architecture.image()
                            + " needs a JDK 25 for that processor: -Dimages.jdk."
                            + architecture.image()
                            + "=PATH");
        }
        return jdk;
    }
}
