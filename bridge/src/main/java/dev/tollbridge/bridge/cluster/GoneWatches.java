package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Lets the client list again when a watch that it begins anew is answered 410.
///
/// Of its own it takes that for any failure, and asks for the same revision again for ever: only a
/// 410 that comes as an event makes it list. What ends a watch, and lets the informer list, is a
/// request that cannot even be made. So who asks for a revision that was just answered 410 is
/// refused once here.
final class GoneWatches implements Interceptor {

    /// What was answered 410 last, by path: a revision of one kind, and no more than one of each.
    private final Map<String, URI> gone = new ConcurrentHashMap<>();

    /// Once: where nothing has changed, what was listed since is the same revision.
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (gone.remove(request.uri().getPath(), request.uri())) {
            throw new IllegalStateException("the revision that was watched from is gone");
        }
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(
            BasicBuilder webSocket, HttpResponse<?> answer, RequestTags tags) {
        if (answer.code() == HttpURLConnection.HTTP_GONE) {
            URI asked = answer.request().uri();
            gone.put(asked.getPath(), asked);
        }
        return CompletableFuture.completedFuture(false);
    }

    /// A list that is answered so says it to whoever asked.
    @Override
    public CompletableFuture<Boolean> afterFailure(
            HttpRequest.Builder request, HttpResponse<?> answer, RequestTags tags) {
        return CompletableFuture.completedFuture(false);
    }
}
