package dev.tollbridge.bridge.resource;

import dev.tollbridge.bridge.config.Kind;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Locale;

/// Where the API server keeps a kind of document.
final class ResourceApi {

    static final String GROUP = "tollbridge.dev";
    static final String VERSION = "v1alpha1";

    private ResourceApi() {}

    static ResourceDefinitionContext of(Kind kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(GROUP)
                .withVersion(VERSION)
                .withKind(kind.written())
                .withPlural(plural(kind))
                .withNamespaced(false)
                .build();
    }

    static String plural(Kind kind) {
        String name = kind.written().toLowerCase(Locale.ROOT);
        return name.endsWith("s") ? name : name + "s";
    }

    /// What problems call the resource: no path, so that nothing relative to it leaves the folder.
    static String place(Kind kind, String name) {
        return kind.written().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
