package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.audit.JournalProblem;
import dev.tollbridge.bridge.cluster.ClusterUnavailable;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenAddress;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.TlsFiles;
import dev.tollbridge.bridge.http.TrustedProxies;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.serve.AuditSettings;
import dev.tollbridge.bridge.serve.Bridge;
import dev.tollbridge.bridge.serve.DocumentsFrom;
import dev.tollbridge.bridge.serve.InvalidConfiguration;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.serve.Stores;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge serve`: reads the command line, starts the bridge, says when it is ready, and drains
/// on SIGTERM.
@Command(
        name = "serve",
        description = "Runs the bridge.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it was told to end, and drained",
            "2:wrong usage, a configuration or a record that cannot be used",
            "3:an address is taken, or the data folder or its disk fails"
        },
        footer = {
            "",
            "Example:",
            "  tollbridge serve --config ./policy --data ./data",
            "",
            "When it is ready it prints one line on stdout:",
            "  ready url=http://127.0.0.1:8080 management=http://127.0.0.1:8081 in=0.9s",
            "SIGTERM drains: nothing more is accepted, what is in flight is finished."
        })
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "DIR|CLUSTER",
            defaultValue = "${env:TOLLBRIDGE_CONFIG}",
            description =
                    "Directory of documents, or the cluster whose custom resources they are:"
                            + " in-cluster, or kubeconfig:FILE. Edits take effect while it runs."
                            + " Also TOLLBRIDGE_CONFIG.")
    private @Nullable String config;

    @Option(
            names = "--config-max-age",
            paramLabel = "SPAN",
            description =
                    "How long custom resources may go unseen, as when the API server is away, before"
                            + " exchanges are answered 503: an edit that takes something away would"
                            + " be missed. 10s to 1h. Default: 1m.")
    private @Nullable String configMaxAge;

    @Mixin private final NamespaceOption namespace = new NamespaceOption();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:TOLLBRIDGE_DATA}",
            description = "Where keys and the record live. Also TOLLBRIDGE_DATA.")
    private @Nullable Path data;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description = "Where callers reach it; port 0 picks one. Default: ${DEFAULT-VALUE}.")
    private String listen = "127.0.0.1:8080";

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8081",
            description =
                    "Where operators reach it: health, metrics, admin. Off loopback with the TLS of"
                            + " --listen. Default: ${DEFAULT-VALUE}.")
    private String management = "127.0.0.1:8081";

    @Option(
            names = "--external-url",
            paramLabel = "URL",
            description = "Its own issuer name, as others see it. Default: the listener's URL.")
    private @Nullable String externalUrl;

    @Option(
            names = "--behind-proxy",
            description = "A proxy in front speaks TLS, so plain HTTP may be served off loopback.")
    private boolean behindProxy;

    @Option(
            names = "--trusted-proxy",
            paramLabel = "CIDR",
            description = "Addresses whose X-Forwarded-For counts. May be repeated.")
    private List<String> trustedProxies = List.of();

    @Option(
            names = "--allow-endpoint",
            paramLabel = "URL",
            description =
                    "A provider's endpoint beside the built-in ones: https, or http on localhost"
                            + " for an emulator. May be repeated.")
    private List<String> allowedEndpoints = List.of();

    @Option(
            names = "--endpoint-ca",
            paramLabel = "FILE",
            description =
                    "Certificates, PEM, to trust at the endpoints of --allow-endpoint instead of"
                            + " the system's.")
    private @Nullable Path endpointCa;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key, PEM.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--ledger",
            paramLabel = "KIND",
            defaultValue = "file",
            description =
                    "Where issuances are kept. This version has: file, for one bridge; kubernetes, shared"
                            + " by all bridges of a namespace. Default: ${DEFAULT-VALUE}.")
    private String ledger = "file";

    @Option(
            names = "--ledger-cluster",
            paramLabel = "CLUSTER",
            description =
                    "The cluster of --ledger kubernetes: in-cluster, or kubeconfig:FILE. Default:"
                            + " that of --config, else in-cluster.")
    private @Nullable String ledgerCluster;

    @Mixin private final KeysOption keys = new KeysOption();

    @Option(
            names = "--revoke-with-pods",
            description =
                    "Revoke what was issued to a pod when the pod is deleted. For trusted issuers with"
                            + " tokenReview; needs the right to list and watch pods there.")
    private boolean revokeWithPods;

    @Option(
            names = "--explain-for-callers",
            description = "Whoever holds a subject token may ask what it would be given, and why.")
    private boolean explainForCallers;

    @Option(
            names = "--dpop-nonce",
            paramLabel = "optional|required",
            defaultValue = "optional",
            description =
                    "Whether every DPoP proof must carry a nonce of ours. Default: ${DEFAULT-VALUE}.")
    private String dpopNonce = "optional";

    @Option(
            names = "--operators",
            paramLabel = "CLUSTER",
            description =
                    "Whose users may be operators, by TokenReview and RBAC: in-cluster, or"
                            + " kubeconfig:FILE. Default: nobody but who has DATA/admin-token.")
    private @Nullable String operators;

    @Option(
            names = "--audit-stdout",
            description = "Print each line of the record on stdout too, after the ready line.")
    private boolean auditStdout;

    @Option(
            names = "--audit-webhook",
            paramLabel = "URL",
            description =
                    "Post the record there too, a JSON object a line. https; a private address only"
                            + " when it is on --allow-endpoint.")
    private @Nullable String auditWebhook;

    @Option(
            names = "--audit-webhook-token-file",
            paramLabel = "FILE",
            description = "Bearer token for it, read for each request.")
    private @Nullable Path auditWebhookToken;

    @Option(
            names = "--audit-otlp",
            paramLabel = "URL",
            description =
                    "Post the record there too, as OpenTelemetry logs (OTLP/HTTP with JSON), such as"
                            + " https://collector.example:4318/v1/logs.")
    private @Nullable String auditOtlp;

    @Option(
            names = "--audit-otlp-token-file",
            paramLabel = "FILE",
            description = "Bearer token for it, read for each request.")
    private @Nullable Path auditOtlpToken;

    @Option(
            names = "--audit-retention",
            paramLabel = "SPAN",
            description =
                    "Remove files of the record that are older and not needed any more, such as 400d;"
                            + " at least 7d. Default: they are kept.")
    private @Nullable String auditRetention;

    @Option(
            names = "--limit-per-subject",
            paramLabel = "N",
            description = "Issuances per second of one workload. Default: no limit.")
    private @Nullable Double limitPerSubject;

    @Option(
            names = "--limit-per-issuer",
            paramLabel = "N",
            description = "Issuances per second of one issuer's workloads. Default: no limit.")
    private @Nullable Double limitPerIssuer;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // the shutdown hook closes what the block would close later
    public Integer call() {
        ServeSettings settings = settings();
        try {
            Bridge bridge = Bridge.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(bridge)));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "ready url=%s management=%s in=%.1fs%n",
                    bridge.url(),
                    bridge.managementUrl(),
                    ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
            out.flush();
            new CountDownLatch(1).await();
            return ExitCode.DONE;
        } catch (InvalidConfiguration | JournalProblem problem) {
            throw CommandFailure.usage(String.valueOf(problem.getMessage()));
        } catch (ClusterUnavailable away) {
            throw CommandFailure.unavailable(String.valueOf(away.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.DONE;
        }
    }

    private static void drain(Bridge bridge) {
        bridge.close();
        // A signal would otherwise end the JVM with 128 plus its number: a drained bridge has done
        // what it was asked to.
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    private ServeSettings settings() {
        ListenerSettings listener =
                new ListenerSettings(
                        address("--listen", listen),
                        tls(),
                        behindProxy,
                        TrustedProxies.parse(trustedProxies));
        List<String> problems = listener.problems();
        if (!problems.isEmpty()) {
            throw CommandFailure.usage(String.join("; ", problems));
        }
        for (String problem : listener.beside(address("--management", management)).problems()) {
            throw CommandFailure.usage("--management: " + problem);
        }
        return new ServeSettings(
                config(),
                given("--data", "TOLLBRIDGE_DATA", data),
                listener,
                address("--management", management),
                externalUrl(),
                endpoints(),
                limits(),
                explainForCallers,
                nonceRequired(),
                operators(),
                audit(),
                new Stores(ledger(), keys.where(clusterOfConfig(), namespace)),
                revokeWithPods);
    }

    private DocumentsFrom config() {
        if (config == null || config.isEmpty()) {
            throw CommandFailure.usage("--config is missing; give it, or set TOLLBRIDGE_CONFIG");
        }
        if (ClusterFlag.names(config)) {
            return new DocumentsFrom.Cluster(
                    ClusterFlag.read("--config", config).kubeconfig(),
                    namespace.name(),
                    configAge());
        }
        if (configMaxAge != null) {
            throw CommandFailure.usage("--config-max-age is for custom resources");
        }
        return new DocumentsFrom.Folder(
                directory("--config", "TOLLBRIDGE_CONFIG", Path.of(config)));
    }

    private KeptIn ledger() {
        if (ledger.equals("kubernetes")) {
            String cluster = ledgerCluster != null ? ledgerCluster : clusterOfConfig();
            return new KeptIn.Cluster(
                    ClusterFlag.read("--ledger-cluster", cluster).kubeconfig(), namespace.name());
        }
        if (!ledger.equals("file")) {
            throw CommandFailure.usage(
                    "--ledger " + ledger + " is not in this version; it has: file, kubernetes");
        }
        if (ledgerCluster != null) {
            throw CommandFailure.usage("--ledger-cluster goes with --ledger kubernetes");
        }
        return new KeptIn.OwnDisk();
    }

    private String clusterOfConfig() {
        return config != null && ClusterFlag.names(config) ? config : ClusterFlag.IN_CLUSTER;
    }

    private Duration configAge() {
        if (configMaxAge == null) {
            return LiveRules.LOOKED_AT_WITHIN;
        }
        Duration age = PastTime.span("--config-max-age", configMaxAge);
        if (age.compareTo(Duration.ofSeconds(10)) < 0 || age.compareTo(Duration.ofHours(1)) > 0) {
            throw CommandFailure.usage("--config-max-age is 10s to 1h");
        }
        return age;
    }

    private AuditSettings audit() {
        Duration kept =
                auditRetention == null ? null : PastTime.span("--audit-retention", auditRetention);
        if (kept != null && kept.compareTo(FileLedger.SHORTEST_RETENTION) < 0) {
            throw CommandFailure.usage("--audit-retention is at least 7d");
        }
        return new AuditSettings(
                auditStdout,
                outlet("--audit-webhook", auditWebhook, auditWebhookToken),
                outlet("--audit-otlp", auditOtlp, auditOtlpToken),
                kept);
    }

    private static AuditSettings.@Nullable Endpoint outlet(
            String option, @Nullable String url, @Nullable Path tokenFile) {
        if (url == null) {
            if (tokenFile != null) {
                throw CommandFailure.usage(option + "-token-file goes with " + option);
            }
            return null;
        }
        return new AuditSettings.Endpoint(url, tokenFile);
    }

    private @Nullable TokenReviewSource operators() {
        return operators == null ? null : ClusterFlag.read("--operators", operators);
    }

    private AllowedEndpoints endpoints() {
        try {
            return AllowedEndpoints.of(
                    allowedEndpoints, endpointCa == null ? null : Files.readString(endpointCa));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--allow-endpoint: " + e.getMessage());
        } catch (IOException e) {
            throw CommandFailure.usage("--endpoint-ca: " + endpointCa + " cannot be read");
        }
    }

    private @Nullable TlsFiles tls() {
        if (tlsCertificate == null && tlsKey == null) {
            return null;
        }
        if (tlsCertificate == null || tlsKey == null) {
            throw CommandFailure.usage("--tls-cert and --tls-key go together");
        }
        return new TlsFiles(tlsCertificate, tlsKey);
    }

    private static ListenAddress address(String option, String text) {
        try {
            return ListenAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }

    private static Path directory(String option, String variable, @Nullable Path path) {
        Path present = given(option, variable, path);
        if (!Files.isDirectory(present)) {
            throw CommandFailure.usage(option + ": " + present + " is not a directory");
        }
        return present;
    }

    private static Path given(String option, String variable, @Nullable Path path) {
        if (path == null || path.toString().isEmpty()) {
            throw CommandFailure.usage(option + " is missing; give it, or set " + variable);
        }
        return path;
    }

    /// RFC 8414 section 2: an issuer is a URL without query and fragment. Plain http only names
    /// this machine to itself.
    private @Nullable String externalUrl() {
        if (externalUrl == null) {
            return null;
        }
        URI uri;
        try {
            uri = URI.create(externalUrl);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--external-url is not a URL");
        }
        boolean https = "https".equals(uri.getScheme());
        boolean local =
                "http".equals(uri.getScheme())
                        && uri.getHost() != null
                        && new ListenAddress(uri.getHost(), 0).loopback();
        if (uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null
                || (!https && !local)) {
            throw CommandFailure.usage(
                    "--external-url is an https URL without query and fragment, such as"
                            + " https://tollbridge.example");
        }
        return externalUrl.endsWith("/")
                ? externalUrl.substring(0, externalUrl.length() - 1)
                : externalUrl;
    }

    private IssuanceLimits limits() {
        IssuanceLimits defaults = IssuanceLimits.DEFAULT;
        return new IssuanceLimits(
                limitPerIssuer == null ? defaults.perIssuer() : limitPerIssuer,
                limitPerSubject == null ? defaults.perSubject() : limitPerSubject,
                defaults.perTarget(),
                defaults.perProviderSubject(),
                defaults.perProviderTarget());
    }

    private boolean nonceRequired() {
        return switch (dpopNonce) {
            case "required" -> true;
            case "optional" -> false;
            default -> throw CommandFailure.usage("--dpop-nonce is optional or required");
        };
    }
}
