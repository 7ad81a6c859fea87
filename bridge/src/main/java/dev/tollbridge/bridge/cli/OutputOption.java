package dev.tollbridge.bridge.cli;

import picocli.CommandLine.Option;

/// `--output text|json`.
final class OutputOption {

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    private TextOrJson output = TextOrJson.TEXT;

    boolean json() {
        return output == TextOrJson.JSON;
    }
}
