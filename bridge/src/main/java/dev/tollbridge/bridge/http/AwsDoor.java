package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.exchange.ExchangeRequest.Proof;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `GET /aws/{target}`: the container-credentials protocol, by which AWS SDKs ask at
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI` (AWS SDKs and Tools Reference Guide, "Container credential
/// provider").
///
/// The subject token is the whole `Authorization` header, without a scheme: SDKs send what is in
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` as it is. They cannot send a proof of possession, so
/// none is looked at (DESIGN 14, rule 11).
final class AwsDoor implements Door {

    /// In records and metrics.
    static final String NAME = "aws";

    private static final String KIND = "aws";
    private static final int LONGEST_NAME = 253;

    private final Exchange exchange;
    private final Supplier<String> externalUrl;
    private final OutcomeAnswers answers;

    AwsDoor(Exchange exchange, Supplier<String> externalUrl, OutcomeAnswers answers) {
        this.exchange = exchange;
        this.externalUrl = externalUrl;
        this.answers = answers;
    }

    /// The target a path names, exactly as sent: the characters of a target's name need no
    /// escaping, so an escaped one is no such path.
    ///
    /// @param externalPath the path of the external URL, below which everything is served as well
    /// @return null when the path is not one of this door
    static @Nullable String target(String path, String prefix, String externalPath) {
        String name;
        if (path.startsWith(prefix)) {
            name = path.substring(prefix.length());
        } else if (!externalPath.isEmpty() && path.startsWith(externalPath + prefix)) {
            name = path.substring(externalPath.length() + prefix.length());
        } else {
            return null;
        }
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return null;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            // No dot first or last, and no two: a path with `.` or `..` as a segment is no name.
            boolean dot = c == '.' && i > 0 && i < name.length() - 1 && name.charAt(i - 1) != '.';
            if (!known && !dot) {
                return null;
            }
        }
        return name;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        List<String> authorization = call.headers().getAll("Authorization");
        if (authorization.size() != 1 || authorization.getFirst().isEmpty()) {
            throw BadRequest.malformed(
                    "The Authorization header has to be the subject token, once and alone.");
        }
        String path = call.path();
        ExchangeRequest request =
                new ExchangeRequest(
                        Secret.of(authorization.getFirst()),
                        List.of(
                                TargetRequest.named(
                                        path.substring(path.lastIndexOf('/') + 1), KIND)),
                        new Proof(
                                List.of(),
                                "GET",
                                externalUrl.get() + path,
                                call.connection().certificateThumbprint(),
                                false),
                        call.caller());
        call.work(() -> answers.aws(exchange.exchange(request).getFirst(), call.took()));
    }
}
