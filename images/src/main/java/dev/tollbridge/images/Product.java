package dev.tollbridge.images;

import java.util.List;

/// What is made an image of.
///
/// @param name of the image
/// @param modules of the JDK that its runtime has; services that nothing names at compile time (TLS
///   with elliptic curves) are among them
/// @param jars how the names of its jars begin; empty: every jar of the bridge
/// @param caches its start-up caches, made by `.mvn/make-aot-cache`
/// @param materials whose bills of materials it carries
record Product(
        String name,
        String title,
        List<String> modules,
        List<String> jars,
        List<String> caches,
        List<String> materials) {

    /// The bridge, the webhook and every other command: one program.
    ///
    /// Micrometer also has binders for desktop frameworks, and java.desktop is left out all the
    /// same: nothing here calls them.
    static final Product TOLLBRIDGE =
            new Product(
                    "tollbridge",
                    "Tollbridge: bridge, webhook and command line",
                    List.of(
                            "java.base",
                            "java.compiler",
                            "java.logging",
                            "java.management",
                            "java.naming",
                            "java.net.http",
                            "java.security.jgss",
                            "java.sql",
                            "java.xml",
                            "jdk.crypto.ec",
                            "jdk.httpserver",
                            "jdk.jfr",
                            "jdk.management",
                            "jdk.unsupported"),
                    List.of(),
                    List.of("tollbridge.aot", "webhook.aot", "scan.aot", "sidecar.aot"),
                    List.of("bridge", "webhook", "sidecar"));

    /// What runs beside other people's containers, and has nothing of the bridge.
    static final Product SIDECAR =
            new Product(
                    "tollbridge-sidecar",
                    "Tollbridge: sidecar",
                    List.of(
                            "java.base",
                            "java.logging",
                            "java.net.http",
                            "jdk.crypto.ec",
                            "jdk.httpserver"),
                    List.of("tollbridge-sidecar-"),
                    List.of("sidecar.aot"),
                    List.of("sidecar"));

    boolean takes(String jar) {
        return jars.isEmpty() || jars.stream().anyMatch(jar::startsWith);
    }
}
