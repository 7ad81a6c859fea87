package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.client.ExchangeAnswer.Issued;
import dev.tollbridge.bridge.client.ExchangeAnswer.Refused;
import dev.tollbridge.bridge.client.GitHubToken;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.client.JobSession;
import dev.tollbridge.bridge.client.JobSession.Opening.Opened;
import dev.tollbridge.bridge.client.RefusedByBridge;
import dev.tollbridge.bridge.client.TokenAnswer;
import dev.tollbridge.bridge.client.TokenClient;
import dev.tollbridge.bridge.client.TokenClient.Wish;
import dev.tollbridge.bridge.client.Unreachable;
import dev.tollbridge.bridge.secret.Secret;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tollbridge exchange`: a client of the bridge, for jobs and for trying things out.
@Command(
        name = "exchange",
        description = "Asks a bridge for a credential, showing it a job's or pod's token.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:the credential was printed, or written to --out",
            "1:refused; the reason, a receipt and the next step are on stderr",
            "2:wrong usage",
            "3:the bridge, or the issuer of the token, cannot be reached or has no answer now"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge exchange --url https://tollbridge.example --target internal-api --github --format token",
            "  tollbridge exchange --target internal-api --token-file /var/run/secrets/tollbridge/token --out token.json",
            "  eval \"$(tollbridge exchange --target internal-api --gitlab --format env)\"",
            "  tollbridge exchange --target internal-api --gitlab --format token --session --out token -- ./deploy"
        })
final class ExchangeCommand implements Callable<Integer> {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:TOLLBRIDGE_URL}",
            description = "The bridge. Also TOLLBRIDGE_URL.")
    private @Nullable String url;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            required = true,
            description = "What the credential is for.")
    private String target = "";

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    private static final class Source {
        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "The token to show, in a file: a pod's projected token, say.")
        private @Nullable Path tokenFile;

        @Option(
                names = "--github",
                description = "Ask GitHub Actions for the token (the job needs 'id-token: write').")
        private boolean github;

        @Option(
                names = "--gitlab",
                description = "Take the token from a variable that the job's id_tokens set.")
        private boolean gitlab;
    }

    @Option(
            names = "--gitlab-variable",
            paramLabel = "VARIABLE",
            defaultValue = "TOLLBRIDGE_ID_TOKEN",
            description = "That variable. Default: ${DEFAULT-VALUE}.")
    private String gitlabVariable = "TOLLBRIDGE_ID_TOKEN";

    @Option(
            names = "--audience",
            paramLabel = "TEXT",
            description = "With --github: whom the token is for. Default: the bridge's URL.")
    private @Nullable String audience;

    @Option(
            names = "--scope",
            paramLabel = "SCOPES",
            description = "Space separated. Default: all that is granted.")
    private @Nullable String scope;

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            description = "How long it should live. Default: as long as allowed.")
    private @Nullable Integer ttl;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private CredentialFormat format = CredentialFormat.JSON;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write it there, for its owner only, instead of to stdout.")
    private @Nullable Path out;

    @Option(
            names = "--dpop",
            description = "Bind the credential to a key that is made for it (RFC 9449).")
    private boolean dpop;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description =
                    "As --dpop, with the private key (a JWK) kept there; made if there is none.")
    private @Nullable Path dpopKey;

    @Option(
            names = "--session",
            description =
                    "Run COMMAND with the credential in --out, renewed as long as it runs; then end"
                            + " it. The grant needs a session.")
    private boolean session;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "With --session: what to run, behind --.")
    private List<String> command = List.of();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Authorities to believe instead of the platform's, PEM.")
    private @Nullable Path caFile;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    /// By name; a field so that tests can be a CI job.
    Function<String, @Nullable String> environment = System::getenv;

    @Override
    public Integer call() {
        BridgeUrl bridge = bridge();
        if (ttl != null && ttl <= 0) {
            throw CommandFailure.usage("--ttl is a positive number of seconds");
        }
        ExecApi exec = execApi();
        checkSession();
        try (Http http = Connection.open(caFile)) {
            if (session) {
                return inSession(http, bridge, exec);
            }
            TokenClient client = new TokenClient(http, bridge, InstantSource.system());
            return switch (client.exchange(
                    subjectToken(http, bridge), new Wish(target, scope, ttl), key())) {
                case Issued issued -> issued(http, bridge, issued.token(), exec);
                case Refused refused -> refused(refused.refusal());
            };
        }
    }

    private void checkSession() {
        if (!session) {
            if (!command.isEmpty()) {
                throw CommandFailure.usage("a command to run goes with --session");
            }
            return;
        }
        if (out == null || command.isEmpty()) {
            throw CommandFailure.usage("--session needs --out FILE, and behind -- a command");
        }
        if (dpop || dpopKey != null) {
            throw CommandFailure.usage(
                    "--session makes a key of its own: leave --dpop and --dpop-key out");
        }
    }

    private int inSession(Http http, BridgeUrl bridge, ExecApi exec) {
        Path file = Objects.requireNonNull(out);
        return switch (JobSession.open(
                http,
                bridge,
                InstantSource.system(),
                subjectToken(http, bridge),
                new Wish(target, scope, ttl))) {
            case Opened opened ->
                    new SessionRun(
                                    opened.session(),
                                    file,
                                    token -> written(token, exec),
                                    spec.commandLine().getErr(),
                                    InstantSource.system())
                            .run(command, opened.token());
            case JobSession.Opening.Refused refused -> refused(refused.refusal());
        };
    }

    private Secret written(TokenAnswer token, ExecApi exec) {
        try {
            return new CredentialWriter(token, exec).as(format);
        } catch (CredentialWriter.Unfit e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    /// Before anything is asked for: what could not be handed over should not be issued.
    private ExecApi execApi() {
        if (format != CredentialFormat.KUBE_EXEC) {
            return ExecApi.V1;
        }
        try {
            return ExecApi.asked(environment.apply(ExecApi.VARIABLE));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--format kube-exec: " + e.getMessage());
        }
    }

    private BridgeUrl bridge() {
        if (url == null || url.isEmpty()) {
            throw CommandFailure.usage("--url is missing; give it, or set TOLLBRIDGE_URL");
        }
        return AdminOption.address("--url", url);
    }

    private Secret subjectToken(Http http, BridgeUrl bridge) {
        if (source.tokenFile != null) {
            return PrivateFile.read("--token-file", source.tokenFile);
        }
        if (source.gitlab) {
            return gitlabToken();
        }
        if (!source.github) {
            throw CommandFailure.usage("give --token-file, --github or --gitlab");
        }
        try {
            return GitHubToken.request(
                    http, environment, audience == null ? bridge.text() : audience);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--github: " + e.getMessage());
        }
    }

    private Secret gitlabToken() {
        String token = environment.apply(gitlabVariable);
        if (token == null || token.isBlank()) {
            throw CommandFailure.usage(
                    "--gitlab: the variable "
                            + gitlabVariable
                            + " is not set; add to the job\n"
                            + "    id_tokens:\n"
                            + "      "
                            + gitlabVariable
                            + ":\n"
                            + "        aud: "
                            + (url == null ? "" : url));
        }
        return Secret.of(token.strip());
    }

    private @Nullable DpopKey key() {
        if (dpopKey == null) {
            return dpop ? DpopKey.generate() : null;
        }
        if (!Files.exists(dpopKey)) {
            DpopKey made = DpopKey.generate();
            PrivateFile.write(dpopKey, made.jwk());
            return made;
        }
        try {
            return DpopKey.parse(PrivateFile.read("--dpop-key", dpopKey));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--dpop-key: " + dpopKey + " is " + e.getMessage());
        }
    }

    private int issued(Http http, BridgeUrl bridge, TokenAnswer answer, ExecApi exec) {
        Secret text;
        try {
            text = new CredentialWriter(answer, exec).as(format);
        } catch (CredentialWriter.Unfit e) {
            throw CommandFailure.usage(e.getMessage() + takenBack(http, bridge, answer));
        }
        if (out == null) {
            PrintWriter stdout = spec.commandLine().getOut();
            stdout.println(text.reveal());
            stdout.flush();
        } else {
            PrivateFile.write(out, Secret.of(text.reveal() + "\n"));
            spec.commandLine()
                    .getErr()
                    .println(
                            "wrote "
                                    + out
                                    + ": "
                                    + target
                                    + " until "
                                    + answer.expiresAt()
                                    + (answer.issuance() == null ? "" : ", " + answer.issuance()));
        }
        return ExitCode.DONE;
    }

    /// Nobody will use it: it should not live on.
    private static String takenBack(Http http, BridgeUrl bridge, TokenAnswer answer) {
        Secret handle = answer.revocationHandle();
        if (handle == null) {
            return "";
        }
        try {
            return http.postForm(bridge.at("/revoke"), Map.of("token", handle), Map.of()).status()
                            == 200
                    ? " (this one has been revoked)"
                    : "";
        } catch (Unreachable e) {
            return "";
        }
    }

    private int refused(RefusedByBridge refusal) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                "refused: "
                        + Plain.text(refusal.reason())
                        + (refusal.receipt() == null
                                ? ""
                                : " (receipt " + Plain.text(refusal.receipt()) + ")"));
        err.println(Plain.text(refusal.sentence()));
        String next = NextSteps.of(refusal.reason());
        if (next != null) {
            err.println("Next: " + next);
        }
        if (refusal.retryAfter() != null) {
            err.println("Try again in " + Plain.text(refusal.retryAfter()) + " s.");
        }
        if (refusal.receipt() != null) {
            err.println("Operators see why: tollbridge receipt " + Plain.text(refusal.receipt()));
        }
        err.flush();
        return refusal.temporary() ? ExitCode.UNAVAILABLE : ExitCode.NO;
    }
}
