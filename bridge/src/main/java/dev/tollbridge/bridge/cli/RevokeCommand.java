package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.client.HttpAnswer;
import dev.tollbridge.bridge.secret.Secret;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tollbridge revoke`: ends an issuance early, as its operator or as its holder.
@Command(
        name = "revoke",
        description = {
            "Ends a credential early.",
            "Operators name the issuance; whoever holds the credential, or the handle that came"
                    + " with it, needs nothing else."
        },
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it counts no more (as a holder: the bridge took the request)",
            "1:there is no such issuance",
            "2:wrong usage",
            "3:the bridge cannot be reached, or cannot record it now; or it is revoked, and its"
                    + " provider could not be told yet"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge revoke iss_01KAH2Q4W0V8M6T3N5R7X9Z1BC --data ./data",
            "  tollbridge revoke --token-file token.json --url https://tollbridge.example"
        })
final class RevokeCommand implements Callable<Integer> {

    private static final String HANDLE = "rvk_";
    private static final String SESSION_HANDLE = "snh_";

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    private static final class What {
        @Parameters(
                paramLabel = "ISSUANCE",
                arity = "0..1",
                description =
                        "iss_..., or a job session, ses_..., as an operator; or a revocation"
                                + " handle, rvk_..., or a session's handle, snh_...")
        private @Nullable String id;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description =
                        "Holds the credential, its handle, or all that 'exchange --format json'"
                                + " wrote.")
        private @Nullable Path tokenFile;
    }

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:TOLLBRIDGE_URL}",
            description = "The bridge, for handles and credentials. Also TOLLBRIDGE_URL.")
    private @Nullable String url;

    @Mixin private final AdminOption admin = new AdminOption();
    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        if (what.tokenFile != null) {
            return asHolder(handleOrToken(PrivateFile.read("--token-file", what.tokenFile)));
        }
        String id = what.id == null ? "" : what.id;
        return id.startsWith(HANDLE) || id.startsWith(SESSION_HANDLE)
                ? asHolder(Secret.of(id))
                : asOperator(id);
    }

    private int asOperator(String written) {
        String id = AdminApi.id("ISSUANCE", written);
        try (AdminApi api = admin.open()) {
            Map<String, @Nullable Object> answer = api.post("issuances/" + id + "/revoke");
            if (answer == null) {
                throw CommandFailure.no("there is no issuance " + id);
            }
            boolean revoked = Boolean.TRUE.equals(answer.get("revoked"));
            print(
                    answer,
                    (revoked ? id + " is revoked" : id + " had ended: " + answer.get("status"))
                            + atProvider(answer));
            return "not_reached".equals(answer.get("provider"))
                    ? ExitCode.UNAVAILABLE
                    : ExitCode.DONE;
        }
    }

    /// What whoever reads it has to know: whether the credential still works somewhere.
    private static String atProvider(Map<String, @Nullable Object> answer) {
        Object expires = answer.get("expires");
        String until = expires == null ? "it ends by itself" : "it ends by itself at " + expires;
        return switch (String.valueOf(answer.get("provider"))) {
            case "ended" -> "; ended at its provider";
            case "cannot_end" -> "; its provider cannot end it: there " + until;
            case "not_reached" ->
                    "; its provider could not be told yet, the bridge goes on trying: there "
                            + until;
            default -> "";
        };
    }

    /// RFC 7009 section 2.2: the answer is the same whatever was sent, so that nobody can find out
    /// what exists.
    private int asHolder(Secret token) {
        if (url == null || url.isEmpty()) {
            throw CommandFailure.usage("--url is missing; give it, or set TOLLBRIDGE_URL");
        }
        BridgeUrl bridge = AdminOption.address("--url", url);
        try (Http http = Connection.open(admin.caFile())) {
            HttpAnswer answer =
                    http.postForm(bridge.at("/revoke"), Map.of("token", token), Map.of());
            if (answer.status() == 503
                    && "target_unavailable".equals(answer.json().get("reason"))) {
                throw CommandFailure.unavailable(
                        "the bridge revoked it; its provider could not be told yet. The bridge goes"
                                + " on trying, and the same command may be repeated");
            }
            if (answer.status() != 200) {
                throw CommandFailure.unavailable(
                        "the bridge answered " + answer.status() + "; nothing is certain");
            }
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("accepted", true);
        print(tree, "if this bridge issued it, it counts no more");
        return ExitCode.DONE;
    }

    private static Secret handleOrToken(Secret content) {
        if (!content.reveal().startsWith("{")) {
            return content;
        }
        try {
            JsonNode tree = new ObjectMapper().readTree(content.reveal());
            for (String name : new String[] {"revocation_handle", "access_token"}) {
                if (tree.path(name).isTextual()) {
                    return Secret.of(tree.path(name).textValue());
                }
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the text. Said below, without.
        }
        throw CommandFailure.usage(
                "--token-file: holds JSON with neither revocation_handle nor access_token");
    }

    private void print(Map<String, @Nullable Object> tree, String sentence) {
        PrintWriter out = output.out();
        out.println(output.json() ? JsonOutput.pretty(tree) : Plain.text(sentence));
        out.flush();
    }
}
