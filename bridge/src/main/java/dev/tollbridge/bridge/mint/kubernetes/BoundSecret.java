package dev.tollbridge.bridge.mint.kubernetes;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Secret that one token is bound to: made for one issuance, empty, and deleted to end it.
record BoundSecret(String namespace, String name, String uid) {

    private static final Pattern WRITTEN =
            Pattern.compile(
                    "secret ([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)/(tollbridge-[0-9a-z]{26})"
                            + " uid ([0-9a-fA-F-]{8,64})");

    /// One name per issuance, so that whoever sees the object finds its record, and two replicas
    /// can never mean different objects.
    static String nameFor(String issuance) {
        return "tollbridge-" + issuance.substring("iss_".length()).toLowerCase(Locale.ROOT);
    }

    /// As it stands in the record; no secret.
    String written() {
        return "secret " + namespace + "/" + name + " uid " + uid;
    }

    /// @param text that ends with what {@link #written()} wrote
    static @Nullable BoundSecret read(String text) {
        int at = text.lastIndexOf("secret ");
        Matcher matcher = WRITTEN.matcher(at < 0 ? text : text.substring(at));
        return matcher.matches()
                ? new BoundSecret(matcher.group(1), matcher.group(3), matcher.group(4))
                : null;
    }
}
