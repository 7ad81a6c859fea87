package dev.tollbridge.webhook.advise;

import java.util.List;

/// A class of places that something runs in.
///
/// @param person whether somebody is there to approve
/// @param how the sign-in is done there; empty where the tool says all
/// @param checks ids, in order
public record RuntimeClass(
        String id,
        String title,
        boolean person,
        SignIn signIn,
        String how,
        String why,
        SignIn fallback,
        List<String> checks) {

    public RuntimeClass {
        checks = List.copyOf(checks);
    }
}
