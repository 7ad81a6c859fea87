package dev.tollbridge.webhook.advise;

import java.util.List;

/// How one tool signs in.
///
/// @param pkce, device, workload commands or settings; empty where the tool has none
/// @param advice the section of docs/advise.md on its service
public record Tool(
        String id,
        List<String> names,
        String title,
        String advice,
        String pkce,
        String device,
        String workload,
        String revoke) {

    public Tool {
        names = List.copyOf(names);
    }

    boolean called(String name) {
        return id.equalsIgnoreCase(name)
                || title.equalsIgnoreCase(name)
                || names.stream().anyMatch(name::equalsIgnoreCase);
    }

    String command(SignIn signIn) {
        return switch (signIn) {
            case PKCE -> pkce;
            case DEVICE_CODE -> device;
            case WORKLOAD_IDENTITY -> workload;
            case NONE -> "";
        };
    }
}
