package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// Lets the SDK out through the bridge's own fetcher, by the rules of one endpoint, and nowhere
/// else.
final class FetcherHttpClient implements SdkHttpClient {

    private final Fetcher fetcher;
    private final Endpoint endpoint;

    FetcherHttpClient(Fetcher fetcher, Endpoint endpoint) {
        this.fetcher = fetcher;
        this.endpoint = endpoint;
    }

    /// What the SDK passes on of a request that got no answer.
    static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient FetchFailure failure;

        NoAnswer(FetchFailure failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
        }

        FetchFailure failure() {
            return failure;
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answer(send(request));
            }

            @Override
            public void abort() {
                // The fetcher's own deadline ends it; interrupting its thread does at once.
            }
        };
    }

    private FetchResponse send(HttpExecuteRequest request) throws IOException {
        SdkHttpRequest http = request.httpRequest();
        // Of its headers only this one means anything to STS: the others tell what machine and
        // which version of the SDK is asking.
        String type = http.firstMatchingHeader("Content-Type").orElse("");
        try {
            return fetcher.send(
                    new FetchRequest(
                            FetchRequest.Method.valueOf(http.method().name()),
                            // Everything is asked of one URL (STS API reference, "Making
                            // requests"), and the SDK leaves out the path of one that was given.
                            endpoint.uri(),
                            Map.of("content-type", type, "accept", "text/xml"),
                            null,
                            body(request),
                            endpoint.rules()));
        } catch (FetchFailure failure) {
            throw new NoAnswer(failure);
        }
    }

    private static byte[] body(HttpExecuteRequest request) {
        return request.contentStreamProvider()
                .map(provider -> {
                    try (InputStream body = provider.newStream()) {
                        return body.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException("reading from memory", e);
                    }
                })
                .orElseGet(() -> new byte[0]);
    }

    private static HttpExecuteResponse answer(FetchResponse response) {
        SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(response.status());
        response.headers().forEach(head::putHeader);
        // What may not be parsed is not: the SDK then goes by the status.
        byte[] body = PlainXml.is(response.body()) ? response.body() : new byte[0];
        return HttpExecuteResponse.builder()
                .response(head.build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                .build();
    }

    @Override
    public String clientName() {
        return "Tollbridge";
    }

    @Override
    public void close() {
        // The fetcher belongs to the bridge.
    }
}
