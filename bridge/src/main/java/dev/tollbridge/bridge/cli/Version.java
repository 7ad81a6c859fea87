package dev.tollbridge.bridge.cli;

import picocli.CommandLine.IVersionProvider;

/// What `tollbridge --version` prints: the version the jar was built as.
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"tollbridge " + current()};
    }

    /// The build's version, or `development` when the classes do not come from a jar.
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
