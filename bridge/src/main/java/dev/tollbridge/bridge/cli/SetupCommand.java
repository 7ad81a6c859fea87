package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.setup.SetupForm;
import dev.tollbridge.bridge.setup.TargetSetup;
import dev.tollbridge.bridge.setup.TargetSetups;
import dev.tollbridge.bridge.target.Target;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tollbridge setup`: what the other side must be told.
@Command(
        name = "setup",
        description =
                "Prints what a target's provider must be told: trust policy, pool, RBAC. Asks"
                        + " nobody and changes nothing.",
        mixinStandardHelpOptions = true,
        exitCodeList = {"0:printed", "2:wrong usage or configuration"},
        footer = {
            "",
            "Examples:",
            "  tollbridge setup aws --config ./policy --target aws-payments-deploy"
                    + " --url https://tollbridge.acme.example",
            "  tollbridge setup google --target gcp-deploy --output terraform > tollbridge.tf"
        })
final class SetupCommand implements Callable<Integer> {

    @Parameters(paramLabel = "KIND", description = "aws, google, kubernetes, azure, github, oauth.")
    private String kind = "";

    @Mixin private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--target",
            paramLabel = "NAME",
            required = true,
            description = "A target of that kind.")
    private String name = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:TOLLBRIDGE_URL}",
            description =
                    "The bridge's external URL, by which providers know it; the same as --external-url."
                            + " Also TOLLBRIDGE_URL.")
    private @Nullable String url;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description =
                    "json, shell, terraform, yaml, credential-config or kubeconfig; each kind has"
                            + " some. Default: its first.")
    private @Nullable String form;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        TargetSetup setup =
                TargetSetups.of(kind)
                        .orElseThrow(() ->
                                CommandFailure.usage(
                                        "there is nothing to set up for the kind '"
                                                + kind
                                                + "'; there is for: "
                                                + TargetSetups.all().stream()
                                                        .map(TargetSetup::kind)
                                                        .collect(Collectors.joining(", "))));
        Target target = config.acceptable(InstantSource.system()).rules().targets().byName(name);
        if (target == null) {
            throw CommandFailure.usage("no target of this configuration is named " + name);
        }
        if (!target.kind().equals(kind)) {
            throw CommandFailure.usage(
                    "target " + name + " is of kind " + target.kind() + ", not " + kind);
        }
        String external = externalUrl();
        String text = setup.text(form(setup), target, external);
        PrintWriter err = spec.commandLine().getErr();
        setup.warnings(target, external).forEach(warning -> err.println("warning: " + warning));
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.println(text.stripTrailing());
        out.flush();
        return ExitCode.DONE;
    }

    private SetupForm form(TargetSetup setup) {
        List<SetupForm> forms = setup.forms();
        if (form == null) {
            return forms.getFirst();
        }
        return forms.stream()
                .filter(known -> known.word().equals(form))
                .findFirst()
                .orElseThrow(() ->
                        CommandFailure.usage(
                                "--output for "
                                        + setup.kind()
                                        + " is one of: "
                                        + forms.stream()
                                                .map(SetupForm::word)
                                                .collect(Collectors.joining(", "))));
    }

    private String externalUrl() {
        String given = url == null || url.isEmpty() ? config.externalUrl() : url;
        if (given == null || given.isEmpty()) {
            throw CommandFailure.usage("give the bridge's external URL: --url, or TOLLBRIDGE_URL");
        }
        try {
            URI uri = URI.create(given);
            if (uri.getHost() == null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                throw new IllegalArgumentException("no host, or a query");
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--url: not a URL: " + given);
        }
        return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }
}
