package dev.tollbridge.bridge.fetch;

import dev.tollbridge.bridge.fetch.FetchFailure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The only way out: https (plain HTTP on loopback, where the rules of a request say so), no
/// redirects, no cookies, no proxy from the environment, the name resolved once and the connection
/// made to exactly the addresses that were checked, bounded in time and size.
public final class GuardedFetcher implements Fetcher, AutoCloseable {

    /// Enough for issuers' keys, which are asked for one at a time.
    public static final int FEW_CONNECTIONS = 32;

    /// Enough for a provider that is asked once per credential.
    public static final int MANY_CONNECTIONS = 640;

    private static final int WAITING_PER_HOST = 256;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final HttpClient client;
    private final CheckedAddresses addresses;

    public GuardedFetcher(Vertx vertx) {
        this(vertx, AddressResolver.SYSTEM, FEW_CONNECTIONS);
    }

    public GuardedFetcher(Vertx vertx, AddressResolver resolver) {
        this(vertx, resolver, FEW_CONNECTIONS);
    }

    /// @param connectionsPerHost open at once; more requests wait for one, up to a bound
    public GuardedFetcher(Vertx vertx, AddressResolver resolver, int connectionsPerHost) {
        this.addresses = new CheckedAddresses(resolver);
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_1_1)
                                .setSsl(true)
                                .setVerifyHost(true)
                                .setKeepAliveTimeout(30)
                                .setMaxHeaderSize(16 * 1024)
                                .setDecompressionSupported(false),
                        new PoolOptions()
                                .setHttp1MaxSize(connectionsPerHost)
                                .setMaxWaitQueueSize(WAITING_PER_HOST));
    }

    @Override
    public FetchResponse send(FetchRequest request) throws FetchFailure {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for somebody's server");
        }
        Deadline deadline = Deadline.in(request.rules().deadline());
        URI uri = FetchUrl.check(request.uri(), request.rules().plainOnLoopback());
        List<InetAddress> checked =
                addresses.of(uri.getHost(), request.rules().allowPrivate(), deadline);
        for (int i = 0; ; i++) {
            long connectMillis = Math.max(1, deadline.millisLeft() / (checked.size() - i));
            try {
                return new FetchAttempt(request, deadline)
                        .on(client, options(request, checked.get(i), connectMillis));
            } catch (FetchFailure e) {
                // Only what certainly was not sent may be sent again.
                if (e.kind() != Kind.CONNECT_FAILED || i == checked.size() - 1) {
                    throw e;
                }
            }
        }
    }

    private static RequestOptions options(
            FetchRequest request, InetAddress address, long connectMillis) {
        URI uri = request.uri();
        boolean tls = "https".equals(uri.getScheme());
        int port = uri.getPort() < 0 ? (tls ? HTTPS : HTTP) : uri.getPort();
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        RequestOptions options = new RequestOptions();
        // The address as a literal, so that nobody resolves the name a second time; host and port
        // are what the certificate must be for and what the Host header says.
        options.setServer(SocketAddress.inetSocketAddress(port, literal(address)))
                .setHost(uri.getHost())
                .setPort(port)
                .setSsl(tls)
                .setSslOptions(trust(request.rules().trustedPem()))
                .setMethod(HttpMethod.valueOf(request.method().name()))
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .setFollowRedirects(false)
                .setConnectTimeout(connectMillis);
        options.putHeader("user-agent", "tollbridge");
        request.headers().forEach(options::putHeader);
        if (request.bearer() != null) {
            options.putHeader("authorization", "Bearer " + request.bearer().reveal());
        }
        return options;
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static ClientSSLOptions trust(@Nullable String pem) {
        ClientSSLOptions options =
                new ClientSSLOptions()
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        return pem == null
                ? options
                : options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
    }

    @Override
    public void close() {
        client.close();
        addresses.close();
    }
}
