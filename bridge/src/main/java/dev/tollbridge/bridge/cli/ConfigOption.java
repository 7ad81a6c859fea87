package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.config.DocumentForm;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.rules.RulesCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--config DIR`, and the rules that are made of what is there: the same code as at start-up.
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "${env:TOLLBRIDGE_CONFIG}",
            description = "Directory of documents. Also TOLLBRIDGE_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--external-url",
            paramLabel = "URL",
            description = "The bridge's own issuer name, where it should be checked against.")
    private @Nullable String externalUrl;

    @Option(
            names = "--resources",
            description =
                    "The documents are custom resources, to be applied to a cluster: they refer to"
                            + " Secrets and name no files.")
    private boolean resources;

    @Nullable String externalUrl() {
        return externalUrl;
    }

    /// @throws CommandFailure when the directory is not given or is none
    Path directory() {
        if (config == null || config.toString().isEmpty()) {
            throw CommandFailure.usage("--config is missing; give it, or set TOLLBRIDGE_CONFIG");
        }
        if (!Files.isDirectory(config)) {
            throw CommandFailure.usage("--config: " + config + " is not a directory");
        }
        return config;
    }

    /// @param clock says which grants have expired
    RulesCompiler.Compiled compile(InstantSource clock) {
        Path directory = directory();
        return new RulesCompiler(PresetCatalogue.shipped(), externalUrl, directory, clock)
                .compile(
                        new ConfigDirectory(
                                        clock,
                                        resources ? DocumentForm.RESOURCE : DocumentForm.FILE)
                                .load(directory));
    }

    /// @throws CommandFailure with every error, when the configuration could not be put in force
    RulesCompiler.Compiled acceptable(InstantSource clock) {
        RulesCompiler.Compiled compiled = compile(clock);
        if (!compiled.acceptable()) {
            StringBuilder message = new StringBuilder("the configuration has errors:");
            compiled.problems().forEach(problem -> message.append("\n  ").append(problem));
            throw CommandFailure.usage(message.toString());
        }
        return compiled;
    }
}
