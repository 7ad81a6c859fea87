package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.secret.Secret;
import java.util.Map;

/// RFC 7662.
public interface Introspection {

    /// @return the members of the answer; `{"active": false}` alone for what is not valid or not
    ///   known
    Map<String, Object> introspect(Secret token);
}
