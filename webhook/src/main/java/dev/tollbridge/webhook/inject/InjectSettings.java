package dev.tollbridge.webhook.inject;

import java.net.InetAddress;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where injected pods are pointed: the platform's decision, never a pod's.
///
/// @param url of the bridge as pods reach it, without a slash at the end
/// @param audience of the projected token
/// @param image of the sidecar, by digest; null where none may be injected
/// @param targets name to kind (`jwt`, `aws`, `google`, ...), in the order of the settings
/// @param evictionsPerSweep how many pods that missed their injection a sweep may evict; 0: it only
///   reports them
public record InjectSettings(
        String url,
        String audience,
        @Nullable String image,
        Map<String, String> targets,
        int evictionsPerSweep) {

    /// Top-level names for which no public authority issues certificates (RFC 6761, RFC 6762, RFC
    /// 8375, ICANN's decision on `internal`, and Kubernetes' own).
    private static final Set<String> NOT_PUBLIC =
            Set.of("svc", "local", "internal", "localhost", "test", "invalid", "arpa");

    public InjectSettings {
        url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    /// Where missed injections are only reported.
    public InjectSettings(
            String url, String audience, @Nullable String image, Map<String, String> targets) {
        this(url, audience, image, targets, 0);
    }

    /// Whether an SDK can trust the bridge's certificate without being told an authority: whether a
    /// public authority could have issued it.
    boolean publiclyTrusted() {
        String host = URI.create(url).getHost();
        if (host == null || host.indexOf('.') < 0 || host.startsWith("[") || isAddress(host)) {
            return false;
        }
        return !NOT_PUBLIC.contains(host.substring(host.lastIndexOf('.') + 1));
    }

    private static boolean isAddress(String host) {
        try {
            InetAddress _ = InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
