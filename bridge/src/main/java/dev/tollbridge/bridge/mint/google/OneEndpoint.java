package dev.tollbridge.bridge.mint.google;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The transport that Google's library gets for one request: it asks this endpoint and no other.
///
/// The library sees an answer only when it is a 200 with one well-formed JSON object. Everything
/// else ends here, so that none of its own ways to go on (redirects, retries after a 401, error
/// texts that quote the answer) is ever taken.
final class OneEndpoint extends HttpTransport implements HttpTransportFactory {

    /// For one of up to three requests; the guard bounds them together.
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final String BEARER = "Bearer ";

    private final Fetcher fetcher;
    private final URI uri;
    private final FetchRules rules;
    private final Step step;
    private final InstantSource clock;
    private boolean answered;

    OneEndpoint(Fetcher fetcher, URI uri, FetchRules rules, Step step, InstantSource clock) {
        this.fetcher = fetcher;
        this.uri = uri;
        this.rules = rules.withDeadline(DEADLINE);
        this.step = step;
        this.clock = clock;
    }

    /// A request as the library makes it.
    @FunctionalInterface
    interface Asking<T> {
        T through(OneEndpoint transport) throws IOException;
    }

    /// @throws MintFailure when nothing came of it
    <T> T ask(Asking<T> asking) throws MintFailure {
        try {
            return asking.through(this);
        } catch (IOException e) {
            MintFailure known = NoAnswer.in(e);
            throw step.failed(known == null ? unreadable() : known);
        } catch (RuntimeException e) {
            if (!answered) {
                throw e;
            }
            // The library reads answers with casts and checks of its own; its messages may quote.
            throw step.failed(unreadable());
        }
    }

    private static MintFailure unreadable() {
        return ProviderAnswers.unreadable("is not the one of its protocol");
    }

    String url() {
        return uri.toString();
    }

    @Override
    public HttpTransport create() {
        return this;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        // As the library writes it, which escapes paths in its own way.
        if (!method.equals("POST") || !url.equals(new GenericUrl(url()).build())) {
            throw new NoAnswer(MintFailure.refused("the library asked for something else"));
        }
        return new Request();
    }

    private final class Request extends LowLevelHttpRequest {
        private @Nullable Secret bearer;

        /// The library's other headers say what it is and that it could read gzip.
        @Override
        public void addHeader(String name, String value) {
            if (name.toLowerCase(Locale.ROOT).equals("authorization")) {
                if (!value.startsWith(BEARER)) {
                    throw new IllegalArgumentException("only bearer tokens are sent");
                }
                bearer = Secret.of(value.substring(BEARER.length()));
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream(4096);
            getStreamingContent().writeTo(body);
            FetchRequest request =
                    FetchRequest.post(uri, getContentType(), body.toByteArray(), rules);
            FetchResponse response;
            try {
                response = fetcher.send(bearer == null ? request : request.withBearer(bearer));
            } catch (FetchFailure failure) {
                throw new NoAnswer(ProviderAnswers.unanswered(failure));
            }
            Claims said = json(response);
            if (response.status() != 200) {
                throw new NoAnswer(unwilling(response, said));
            }
            if (said == null) {
                throw new NoAnswer(ProviderAnswers.unreadable("is no JSON object"));
            }
            answered = true;
            return new Answer(response.body());
        }
    }

    private static @Nullable Claims json(FetchResponse response) {
        try {
            return StrictJson.object(response.body());
        } catch (StrictJson.Malformed e) {
            return null;
        }
    }

    private MintFailure unwilling(FetchResponse response, @Nullable Claims said) {
        String code = said == null ? null : code(said);
        // google.aip.dev/194: the one code after which a request may be repeated at once.
        boolean nothingDone = response.status() == 503 && "UNAVAILABLE".equals(code);
        MintFailure failure =
                ProviderAnswers.unwilling(response, code, nothingDone, clock.instant());
        return nothingDone ? failure.safeToRetry() : failure;
    }

    /// OAuth has a text (`invalid_grant`), Google's other APIs an object with a status
    /// (`PERMISSION_DENIED`, google.aip.dev/193).
    private static @Nullable String code(Claims said) {
        Object error = said.get("error");
        return ProviderAnswers.code(
                error instanceof Map<?, ?> object ? object.get("status") : error);
    }

    /// A 200 whose body has been looked at.
    private static final class Answer extends LowLevelHttpResponse {
        private final byte[] body;

        Answer(byte[] body) {
            this.body = body;
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public long getContentLength() {
            return body.length;
        }

        @Override
        public String getContentType() {
            return "application/json; charset=UTF-8";
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 200 OK";
        }

        @Override
        public int getStatusCode() {
            return 200;
        }

        @Override
        public String getReasonPhrase() {
            return "OK";
        }

        @Override
        public int getHeaderCount() {
            return 0;
        }

        @Override
        public String getHeaderName(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String getHeaderValue(int index) {
            throw new IndexOutOfBoundsException(index);
        }
    }
}
