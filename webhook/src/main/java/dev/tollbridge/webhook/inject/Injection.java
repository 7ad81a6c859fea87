package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What came of a pod that was looked at for injection.
public sealed interface Injection {

    /// It does not ask for anything.
    record NotAsked() implements Injection {}

    /// It asks for what it cannot have, or is made so that injecting would be unsafe.
    ///
    /// @param reason in words for its author
    record Refused(String reason) implements Injection {}

    /// @param pod as it should be
    /// @param patch from the pod that was shown to that one; empty where it is so already
    record Done(ObjectNode pod, ArrayNode patch, List<String> warnings) implements Injection {}
}
