package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.admission.AdmissionRules;
import dev.tollbridge.bridge.admission.SettingsFile;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import dev.tollbridge.webhook.serve.WebhookOptions.TlsPair;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
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
                            + " runs. Default: audit everywhere.")
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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // the shutdown hook closes what the block would close later
    public Integer call() {
        if (!noCluster) {
            throw CommandFailure.usage(
                    "this version judges what it is shown and asks no API server: give --no-cluster");
        }
        SettingsFile file =
                settings == null ? null : new SettingsFile(settings, InstantSource.system());
        Rules rules = first(file);
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
                        StandardDetectors::shipped);
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
        } catch (UncheckedIOException problem) {
            throw CommandFailure.unavailable(String.valueOf(problem.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.DONE;
        }
    }

    private static Integer follow(@Nullable SettingsFile file, Webhook webhook)
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

    private static Rules first(@Nullable SettingsFile file) {
        if (file == null) {
            return rules(Documents.EMPTY);
        }
        SettingsFile.Read read = file.read();
        if (!read.problems().isEmpty()) {
            throw CommandFailure.usage("--settings: " + String.join("\n  ", read.problems()));
        }
        return rules(read.documents());
    }

    private static Rules rules(Documents documents) {
        String own = System.getenv("POD_NAMESPACE");
        return AdmissionRules.of(documents, own == null || own.isEmpty() ? null : own);
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
