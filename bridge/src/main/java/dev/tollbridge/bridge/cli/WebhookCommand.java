package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.bridge.admission.AdmissionRules;
import dev.tollbridge.bridge.admission.ResourceSettings;
import dev.tollbridge.bridge.admission.SettingsFile;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.cluster.Cluster;
import dev.tollbridge.webhook.cluster.ClusterUnavailable;
import dev.tollbridge.webhook.cluster.Leadership;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.registration.Backstop;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.registration.Registration;
import dev.tollbridge.webhook.registration.StructuralRules;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import dev.tollbridge.webhook.serve.WebhookOptions.TlsPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge webhook`: reads the command line and the settings, starts the webhook, says when it
/// is ready, and drains on SIGTERM.
@Command(
        name = "webhook",
        description = "Runs the admission webhook: /validate and /mutate over HTTPS.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it was told to end, and drained",
            "2:wrong usage, or settings that cannot be used",
            "3:an address is taken, or the cluster cannot be reached"
        },
        footer = {
            "",
            "Example:",
            "  tollbridge webhook --no-cluster --settings ./admission.yaml --data ./data",
            "",
            "When it is ready it prints one line on stdout:",
            "  ready url=https://127.0.0.1:10250 management=http://127.0.0.1:8081 in=0.9s",
            "SIGTERM drains: nothing more is accepted, what is in flight is finished."
        })
final class WebhookCommand implements Callable<Integer> {

    private static final long LOOK_AGAIN_SECONDS = 2;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = ":10250",
            description =
                    "Where the API server reaches it; port 0 picks one. Default: ${DEFAULT-VALUE}.")
    private String listen = ":10250";

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            description =
                    "Where operators reach it: health, metrics, findings. Default: 127.0.0.1:8081, or"
                            + " a free port where --listen picks one.")
    private @Nullable String management;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "AdmissionSettings, Exemption and Target documents; edits take effect while it"
                            + " runs. Default: the cluster's custom resources; with --no-cluster,"
                            + " audit everywhere.")
    private @Nullable Path settings;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    private @Nullable Path tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Private key, PEM. A renewed pair is picked up.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description = "Only callers with a certificate of this authority get in.")
    private @Nullable Path clientCa;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:TOLLBRIDGE_DATA}",
            description =
                    "Where the key of fingerprints and the operators' token are kept. Also"
                            + " TOLLBRIDGE_DATA.")
    private @Nullable Path data;

    @Option(names = "--no-cluster", description = "Judges what it is shown and asks no API server.")
    private boolean noCluster;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster that it serves. Default: the one around this pod.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--service",
            paramLabel = "NAMESPACE/NAME",
            defaultValue = "tollbridge/tollbridge-webhook",
            description =
                    "The Service through which the API server reaches it, on port 443. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String service = "tollbridge/tollbridge-webhook";

    @Option(
            names = "--external-url",
            paramLabel = "URL",
            description = "How the API server reaches it where that is not through a Service.")
    private @Nullable String externalUrl;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Authority of --tls-cert that the API server is told. Without, somebody else"
                            + " tells it.")
    private @Nullable Path ca;

    @Option(
            names = "--sweep",
            paramLabel = "MINUTES",
            description =
                    "Lists stored Secrets, ConfigMaps and pods that often, and before it is ready."
                            + " Needs the permission to. Default: never.")
    private @Nullable Integer sweep;

    @Option(
            names = "--print-configuration",
            description =
                    "Prints the webhook configurations that the settings amount to, for kubectl"
                            + " apply, and ends.")
    private boolean printConfiguration;

    @Option(
            names = "--print-backstop",
            description =
                    "Prints ValidatingAdmissionPolicies with the rules that need no content, for"
                            + " kubectl apply, and ends: a backstop for when the webhook is away.")
    private boolean printBackstop;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // the shutdown hook closes what the block would close later
    public Integer call() {
        SettingsFile file =
                settings == null ? null : new SettingsFile(settings, InstantSource.system());
        Rules rules = first(file);
        if (printConfiguration) {
            spec.commandLine().getOut().println(configuration(rules).toPrettyString());
            return ExitCode.DONE;
        }
        if (printBackstop) {
            spec.commandLine().getOut().println(backstop(rules).toPrettyString());
            return ExitCode.DONE;
        }
        ListenAt reviews = address("--listen", listen);
        WebhookOptions options =
                new WebhookOptions(
                        reviews,
                        management == null
                                ? new ListenAt("127.0.0.1", reviews.port() == 0 ? 0 : 8081)
                                : address("--management", management),
                        tls(),
                        clientCa,
                        data == null || data.toString().isEmpty() ? null : data,
                        Limits.DEFAULT,
                        StandardDetectors::shipped,
                        cluster());
        try {
            Webhook webhook = Webhook.start(options, rules);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(webhook)));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "ready url=%s management=%s in=%.1fs%n",
                    webhook.url(),
                    webhook.managementUrl(),
                    ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
            out.flush();
            return follow(file, webhook);
        } catch (UncheckedIOException | ClusterUnavailable problem) {
            throw CommandFailure.unavailable(String.valueOf(problem.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.DONE;
        }
    }

    private ObjectNode configuration(Rules rules) {
        return new Registration(
                        rules.settings(),
                        reachable().trusting(authority()),
                        own(),
                        settings == null)
                .list();
    }

    private ObjectNode backstop(Rules rules) {
        StructuralRules structural =
                new StructuralRules(rules.settings(), rules.inject(), Instant.now());
        return new Backstop(rules.settings(), structural, own()).list();
    }

    private List<String> own() {
        return List.of(service().get(0));
    }

    /// Namespace and name.
    private List<String> service() {
        List<String> parts = List.of(service.split("/", -1));
        if (parts.size() != 2 || parts.stream().anyMatch(String::isEmpty)) {
            throw CommandFailure.usage("--service is NAMESPACE/NAME");
        }
        return parts;
    }

    private Reachable reachable() {
        if (externalUrl == null) {
            return new Reachable.Service(service().get(0), service().get(1), 443, "");
        }
        if (!externalUrl.startsWith("https://")) {
            throw CommandFailure.usage("--external-url is an https URL");
        }
        return new Reachable.Url(
                externalUrl.endsWith("/")
                        ? externalUrl.substring(0, externalUrl.length() - 1)
                        : externalUrl,
                "");
    }

    private String authority() {
        if (ca == null) {
            return "";
        }
        try {
            return Files.readString(ca);
        } catch (IOException e) {
            throw CommandFailure.usage("--ca: " + ca + " cannot be read");
        }
    }

    private WebhookOptions.@Nullable InCluster cluster() {
        if (noCluster) {
            return null;
        }
        if (kubeconfig == null && !Cluster.around()) {
            throw CommandFailure.usage(
                    "there is no cluster around this process: give --kubeconfig, or --no-cluster to"
                            + " judge what it is shown and ask no API server");
        }
        if (sweep != null && sweep < 1) {
            throw CommandFailure.usage("--sweep is a number of minutes");
        }
        return new WebhookOptions.InCluster(
                kubeconfig,
                reachable(),
                service().get(0),
                names(),
                authority(),
                sweep == null ? null : Duration.ofMinutes(sweep),
                settings == null
                        ? new ResourceSettings(InstantSource.system(), ownNamespace())
                        : null,
                Leadership.Timing.DEFAULT);
    }

    private List<String> names() {
        String host = externalUrl == null ? null : URI.create(externalUrl).getHost();
        String inside = service().get(1) + "." + service().get(0) + ".svc";
        return host == null ? List.of(inside) : List.of(inside, host);
    }

    private Integer follow(@Nullable SettingsFile file, Webhook webhook)
            throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)) {
            if (file != null) {
                file.look(documents -> webhook.apply(rules(documents)));
                webhook.settingsStale(file.stale());
            }
        }
        return ExitCode.DONE;
    }

    private Rules first(@Nullable SettingsFile file) {
        if (file == null) {
            return rules(Documents.EMPTY);
        }
        SettingsFile.Read read = file.read();
        if (!read.problems().isEmpty()) {
            throw CommandFailure.usage("--settings: " + String.join("\n  ", read.problems()));
        }
        return rules(read.documents());
    }

    private Rules rules(Documents documents) {
        return AdmissionRules.of(documents, ownNamespace());
    }

    /// Its own namespace is where its Service is, unless nobody is asked and nothing says where
    /// that would be.
    private @Nullable String ownNamespace() {
        String pod = System.getenv("POD_NAMESPACE");
        return pod != null && !pod.isEmpty() ? pod : noCluster ? null : service().get(0);
    }

    private static void drain(Webhook webhook) {
        webhook.close();
        // A signal would otherwise end the JVM with 128 plus its number: a drained webhook has done
        // what it was asked to.
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    private @Nullable TlsPair tls() {
        if (tlsCertificate == null && tlsKey == null) {
            return null;
        }
        if (tlsCertificate == null || tlsKey == null) {
            throw CommandFailure.usage("--tls-cert and --tls-key go together");
        }
        return new TlsPair(tlsCertificate, tlsKey);
    }

    private static ListenAt address(String option, String text) {
        try {
            ListenAddress parsed = ListenAddress.parse(text);
            return new ListenAt(parsed.host(), parsed.port());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }
}
