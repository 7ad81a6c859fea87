package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.http.AdminToken;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where a running bridge's management port is, and what opens it.
final class AdminOption {

    private static final int LONGEST_TOKEN = 8 * 1024;

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "The bridge's management port. Default: ${DEFAULT-VALUE}.")
    private String url = "http://127.0.0.1:8081";

    @Mixin private final DataOption data = new DataOption();

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "The operator's token. Default: admin-token in the data folder.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--operator-token-file",
            paramLabel = "FILE",
            description =
                    "Instead: a Kubernetes token for the audience EXTERNAL-URL/operators. Where the"
                            + " bridge was started with --operators.")
    private @Nullable Path operatorTokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Authorities to believe instead of the platform's, PEM.")
    private @Nullable Path caFile;

    @Nullable Path caFile() {
        return caFile;
    }

    /// The caller closes it.
    AdminApi open() {
        BridgeUrl management = address("--management-url", url);
        return new AdminApi(Connection.open(caFile), management, token());
    }

    static BridgeUrl address(String option, String url) {
        try {
            return BridgeUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }

    /// A projected token is a link, and its mode is its volume's: only its form is looked at.
    private static Secret operatorToken(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            if (bytes.length > LONGEST_TOKEN || text.isEmpty()) {
                throw CommandFailure.usage(file + " holds no token");
            }
            return Secret.of(text);
        } catch (IOException e) {
            throw CommandFailure.usage("--operator-token-file: " + file + " cannot be read");
        }
    }

    private Secret token() {
        if (operatorTokenFile != null) {
            return operatorToken(operatorTokenFile);
        }
        Path file = tokenFile;
        if (file == null) {
            Path folder = data.given();
            if (folder == null) {
                throw CommandFailure.usage(
                        "this needs the operator's token: give --data (or set TOLLBRIDGE_DATA),"
                                + " or --admin-token-file");
            }
            file = folder.resolve(AdminToken.FILE);
        }
        if (!Files.exists(file)) {
            throw CommandFailure.usage(
                    file + " does not exist; the bridge makes it at its first start");
        }
        try {
            return AdminToken.open(file).secret();
        } catch (IOException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }
}
