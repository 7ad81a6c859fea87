package dev.tollbridge.webhook.stored;

import dev.tollbridge.webhook.detect.Content;

/// One content of a Secret or ConfigMap.
///
/// @param path where it stands in the object, such as `data[credentials.json]`
/// @param key what a pod would mount it by; empty for what no pod can mount, such as an annotation
/// @param helmRelease whether it is the record of a Helm release, which is what a release left and
///   not what anybody wrote
public record StoredPart(String path, String key, Content content, boolean helmRelease) {}
