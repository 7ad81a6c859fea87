package dev.tollbridge.images;

import java.util.Locale;

/// A processor, by the names that images, kernels and libraries have for it.
enum Architecture {
    AMD64("amd64", "x86_64", "linux-x86_64"),
    ARM64("arm64", "aarch64", "linux-aarch_64");

    private final String image;
    private final String machine;
    private final String classifier;

    Architecture(String image, String machine, String classifier) {
        this.image = image;
        this.machine = machine;
        this.classifier = classifier;
    }

    /// As in an image's configuration.
    String image() {
        return image;
    }

    /// As `uname -m` says it, and the folder of `lib` with its cryptography.
    String machine() {
        return machine;
    }

    /// How jars with its native code end.
    String classifier() {
        return classifier;
    }

    /// The processor that this build runs on.
    static Architecture ofThisMachine() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> AMD64;
            case "aarch64", "arm64" -> ARM64;
            default -> throw new BuildFailed("no image is made for processors of kind " + name);
        };
    }

    static Architecture named(String name) {
        for (Architecture architecture : values()) {
            if (architecture.image.equals(name)) {
                return architecture;
            }
        }
        throw new BuildFailed(
                "-Dimages.architectures: amd64, arm64, or both with a comma; not " + name);
    }
}
