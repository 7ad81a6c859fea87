package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.policy.Explainer;
import dev.tollbridge.bridge.policy.Explainer.Explanation;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tollbridge explain`: what would be decided and why, without a bridge, a network or a signature.
@Command(
        name = "explain",
        description =
                "Says what would be decided and why, offline, condition by condition. Mints nothing.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it would be granted",
            "1:it would not",
            "2:wrong usage, or a configuration that cannot be put in force"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge explain --config ./policy --claims claims.json --target internal-api",
            "  tollbridge explain --config ./policy --token token.jwt",
            "",
            "The token's signature is not looked at."
        })
final class ExplainCommand implements Callable<Integer> {

    private static final long MAX_BYTES = 64 * 1024;

    @Mixin private final ConfigOption config = new ConfigOption();

    @ArgGroup(multiplicity = "1")
    private @Nullable Input input;

    private static final class Input {
        @Option(names = "--token", paramLabel = "FILE", description = "A subject token.")
        private @Nullable Path token;

        @Option(names = "--claims", paramLabel = "FILE", description = "Its claims, as JSON.")
        private @Nullable Path claims;
    }

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "Default: every target a grant could give.")
    private @Nullable String target;

    @Option(
            names = "--issuer",
            paramLabel = "NAME",
            description = "The trusted issuer, where the claims do not tell.")
    private @Nullable String issuer;

    @Option(
            names = "--scope",
            paramLabel = "SCOPES",
            description = "Space separated. Default: all that is granted.")
    private @Nullable String scope;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "Default: as long as allowed.")
    private @Nullable Integer ttl;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "RFC 3339, such as 2027-01-31T12:00:00Z. Default: now.")
    private @Nullable String at;

    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        Instant now = instant();
        Rules rules = config.acceptable(InstantSource.fixed(now)).rules();
        Claims claims = claims();
        TrustedIssuer trusted = Explainer.issuerOf(rules.issuers(), claims, issuer);
        if (trusted == null) {
            throw CommandFailure.no(
                    "the claims belong to no trusted issuer of this configuration (by `iss` and `aud`); name one with --issuer");
        }
        Explanation explanation =
                new Explainer(rules.policy())
                        .explain(trusted, claims, request(), SenderProof.NONE, true, now);
        PrintWriter out = output.out();
        out.println(output.json() ? JsonOutput.pretty(explanation.tree()) : explanation.text());
        out.flush();
        return explanation.granted() ? ExitCode.DONE : ExitCode.NO;
    }

    private Instant instant() {
        if (at == null) {
            return Instant.now();
        }
        try {
            return Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw CommandFailure.usage("--at is a time such as 2027-01-31T12:00:00Z");
        }
    }

    private TargetRequest request() {
        Set<String> scopes =
                scope == null ? null : new LinkedHashSet<>(List.of(scope.trim().split(" +")));
        return new TargetRequest(
                target == null ? List.of() : List.of(target),
                List.of(),
                scopes,
                ttl == null ? null : Duration.ofSeconds(ttl));
    }

    private Claims claims() {
        if (input == null) {
            throw CommandFailure.usage("give --token or --claims");
        }
        try {
            return input.token != null
                    ? StrictJson.object(payload(read(input.token)))
                    : StrictJson.object(read(input.claims));
        } catch (StrictJson.Malformed e) {
            throw CommandFailure.usage("the claims are " + e.getMessage());
        }
    }

    private static byte[] payload(byte[] token) {
        String[] parts = new String(token, StandardCharsets.US_ASCII).trim().split("\\.", -1);
        if (parts.length != 3) {
            throw CommandFailure.usage("--token: not a signed JWT (three parts with dots between)");
        }
        try {
            return Base64.getUrlDecoder().decode(parts[1]);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--token: its second part is not base64url");
        }
    }

    private static byte[] read(@Nullable Path file) {
        if (file == null) {
            throw CommandFailure.usage("give --token or --claims");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw CommandFailure.usage(file + " is larger than 64 KiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw CommandFailure.usage(file + " cannot be read");
        }
    }
}
