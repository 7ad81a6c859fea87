package dev.tollbridge.bridge.mint.provider;

import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/// A form for a token endpoint (RFC 6749 section 4.4.2). No name stands twice: a server that takes
/// the first and one that takes the last would understand two requests (section 3.2).
public final class Form {

    private final StringBuilder text = new StringBuilder(2048);
    private final Set<String> names = new LinkedHashSet<>();

    public Form add(String name, String value) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("twice in one form: " + name);
        }
        if (!text.isEmpty()) {
            text.append('&');
        }
        text.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        return this;
    }

    public Form add(String name, Secret value) {
        return add(name, value.reveal());
    }

    public FetchRequest to(URI uri, FetchRules rules) {
        return FetchRequest.postForm(uri, text.toString(), rules);
    }

    /// The names only: a value may be a proof.
    @Override
    public String toString() {
        return "Form" + names;
    }
}
