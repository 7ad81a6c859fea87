package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.fetch.FetchUrl;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Makes the source an issuer's document names. Only what is written there is ever contacted.
final class KeySetSources {

    private static final int MAX_PEM_BYTES = 1 << 20;
    private static final int MAX_TOKEN_BYTES = 16 * 1024;
    private static final int HTTP_OK = 200;

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final KeyTimings timings;

    KeySetSources(Fetcher fetcher, InstantSource clock, KeyTimings timings) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.timings = timings;
    }

    KeySetSource of(TrustedIssuer issuer) {
        return switch (issuer.keys()) {
            case KeySource.Discovery() ->
                    new DiscoveredKeySet(
                            issuer.issuer(),
                            url -> fetch(url, rules(issuer), null),
                            clock,
                            timings.rediscover());
            case KeySource.Url(String url) -> () -> fetch(url, rules(issuer), null);
            case KeySource.Inline(String jwks) -> () -> jwks.getBytes(StandardCharsets.UTF_8);
            case KeySource.File(String path) -> () -> file(issuer, path, KeyAdmission.MAX_BYTES);
            case KeySource.ApiServer server -> () -> apiServer(issuer, server);
        };
    }

    /// For people.
    static String describe(TrustedIssuer issuer) {
        return switch (issuer.keys()) {
            case KeySource.Discovery() -> "discovery";
            case KeySource.Url(String url) -> url;
            case KeySource.Inline(_) -> "inline";
            case KeySource.File(String path) -> path;
            case KeySource.ApiServer server -> server.url();
        };
    }

    private FetchRules rules(TrustedIssuer issuer) throws KeySetUnavailable {
        return FetchRules.DEFAULT
                .withMaxBytes(KeyAdmission.MAX_BYTES)
                .withAllowPrivate(issuer.network().allowPrivate())
                .withTrustedPem(pem(issuer, issuer.network().caFile()));
    }

    private byte[] apiServer(TrustedIssuer issuer, KeySource.ApiServer server)
            throws KeySetUnavailable {
        // Clusters have private addresses, and this one was named by the operator.
        FetchRules rules =
                FetchRules.DEFAULT
                        .withMaxBytes(KeyAdmission.MAX_BYTES)
                        .withAllowPrivate(true)
                        .withTrustedPem(
                                pem(
                                        issuer,
                                        server.caFile() != null
                                                ? server.caFile()
                                                : issuer.network().caFile()));
        String base = server.url();
        String url = (base.endsWith("/") ? base : base + "/") + "openid/v1/jwks";
        return fetch(url, rules, bearer(issuer, server.tokenFile()));
    }

    /// Read anew each time: projected tokens are exchanged under a running process.
    private static @Nullable Secret bearer(TrustedIssuer issuer, @Nullable String tokenFile)
            throws KeySetUnavailable {
        if (tokenFile == null) {
            return null;
        }
        String token =
                new String(file(issuer, tokenFile, MAX_TOKEN_BYTES), StandardCharsets.UTF_8)
                        .strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new KeySetUnavailable(tokenFile + " does not hold a token");
        }
        return Secret.of(token);
    }

    private static @Nullable String pem(TrustedIssuer issuer, @Nullable String caFile)
            throws KeySetUnavailable {
        return caFile == null
                ? null
                : new String(file(issuer, caFile, MAX_PEM_BYTES), StandardCharsets.US_ASCII);
    }

    private static byte[] file(TrustedIssuer issuer, String name, int most)
            throws KeySetUnavailable {
        Path directory = issuer.directory();
        if (directory == null) {
            // DESIGN 14 rule 2.
            throw new KeySetUnavailable("a custom resource names no files");
        }
        Path path = directory.resolve(name);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new KeySetUnavailable(path + " is larger than " + most + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw new KeySetUnavailable(
                    path + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private byte[] fetch(String url, FetchRules rules, @Nullable Secret bearer)
            throws KeySetUnavailable {
        try {
            FetchRequest request = FetchRequest.get(FetchUrl.parse(url), rules);
            FetchResponse response = send(bearer == null ? request : request.withBearer(bearer));
            if (response.status() != HTTP_OK) {
                throw new KeySetUnavailable(
                        request.uri().getHost() + " answers with status " + response.status());
            }
            return response.body();
        } catch (FetchFailure e) {
            throw new KeySetUnavailable(e.getMessage());
        }
    }

    /// A kept connection that the server has closed meanwhile looks like one that broke: once more.
    private FetchResponse send(FetchRequest request) throws FetchFailure {
        try {
            return fetcher.send(request);
        } catch (FetchFailure e) {
            if (e.kind() != FetchFailure.Kind.CONNECTION_LOST) {
                throw e;
            }
            return fetcher.send(request);
        }
    }
}
